/** From one version of a question or an answer to the next: ‹ 2/3 ›. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "~/ui/Icon";
import type { Versions as Place } from "./tree";

type Props = { of: "question" | "answer"; place: Place; onShow: (message: string) => void };

export function Versions({ of, place: { number, count, before, after }, onShow }: Props) {
  const { t } = useTranslation();
  if (count < 2) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset is for a form
    <span className="versions" role="group" aria-label={t(`versions.${of}`, { number, count })}>
      <Step icon="back" label={t("versions.before")} to={before} onShow={onShow} />
      <span className="versions-place" aria-hidden="true">
        {number}/{count}
      </span>
      <Step icon="forward" label={t("versions.after")} to={after} onShow={onShow} />
    </span>
  );
}

type StepProps = { icon: IconName; label: string; to: string | null; onShow: (message: string) => void };

function Step({ icon, label, to, onShow }: StepProps) {
  return (
    <Button
      className="icon-button icon-button-small"
      aria-label={label}
      isDisabled={to === null}
      onPress={() => to !== null && onShow(to)}
    >
      <Icon name={icon} />
    </Button>
  );
}
