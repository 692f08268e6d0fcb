/** The choice between the page as it looks and its text. */
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { View } from "./place";

type Props = { view: View; onView: (view: View) => void };

export function ViewSwitch({ view, onView }: Props) {
  const { t } = useTranslation();
  return (
    <ToggleButtonGroup
      className="switch"
      aria-label={t("passage.views")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[view]}
      onSelectionChange={(keys) => onView(keys.has("text") ? "text" : "picture")}
    >
      <ToggleButton id="picture" className="switch-side">
        {t("passage.asPicture")}
      </ToggleButton>
      <ToggleButton id="text" className="switch-side">
        {t("passage.asText")}
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
