/** Larger, smaller, and how large it is now. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { type Zoom, larger, smaller } from "./zoom";

type Props = { zoom: Zoom; onZoom: (zoom: Zoom) => void };

export function ZoomTools({ zoom, onZoom }: Props) {
  const { t } = useTranslation();
  return (
    <div className="zoom">
      <Button className="icon-button" aria-label={t("passage.zoomOut")} isDisabled={smaller(zoom) === zoom} onPress={() => onZoom(smaller(zoom))}>
        <Icon name="minus" />
      </Button>
      <span>{t("passage.zoomed", { percent: zoom })}</span>
      <Button className="icon-button" aria-label={t("passage.zoomIn")} isDisabled={larger(zoom) === zoom} onPress={() => onZoom(larger(zoom))}>
        <Icon name="plus" />
      </Button>
    </div>
  );
}
