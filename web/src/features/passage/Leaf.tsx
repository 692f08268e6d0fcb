/** From page to page, and back to the one that was cited; nothing for a format without pages. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { DocumentPage } from "~/api/shapes";
import { Icon, type IconName } from "~/ui/Icon";

type Props = { page: DocumentPage; cited: number; onLeaf: (page: number) => void };

export function Leaf({ page: { page, pages }, cited, onLeaf }: Props) {
  const { t } = useTranslation();
  if (pages === null) return null;
  return (
    <div className="leaf">
      <Step icon="back" label={t("passage.previous")} isOff={page <= 1} onStep={() => onLeaf(page - 1)} />
      <span>{t("passage.page", { page, pages })}</span>
      <Step icon="forward" label={t("passage.next")} isOff={page >= pages} onStep={() => onLeaf(page + 1)} />
      {page !== cited && (
        <Button className="text-button" onPress={() => onLeaf(cited)}>
          {t("passage.back")}
        </Button>
      )}
    </div>
  );
}

type StepProps = { icon: IconName; label: string; isOff: boolean; onStep: () => void };

function Step({ icon, label, isOff, onStep }: StepProps) {
  return (
    <Button className="icon-button" aria-label={label} isDisabled={isOff} onPress={onStep}>
      <Icon name={icon} />
    </Button>
  );
}
