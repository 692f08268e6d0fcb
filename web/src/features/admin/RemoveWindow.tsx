/** The last question before a membership ends. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Member } from "~/api/shapes";
import { Window } from "~/ui/Window";
import { Refusal } from "./Refusal";

type Props = { member: Member; isBusy: boolean; fault: Error | null; onRemove: () => void; onClose: () => void };

export function RemoveWindow({ member, isBusy, fault, onRemove, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Window title={t("admin.remove.title", { name: member.name })} close={t("admin.close")} onClose={onClose}>
      <p>{t("admin.remove.text", { name: member.name })}</p>
      {fault !== null && <Refusal fault={fault} />}
      <div className="actions">
        <Button className="button button-danger" isDisabled={isBusy} onPress={onRemove}>
          {t("admin.remove.action")}
        </Button>
        <Button className="button button-quiet" onPress={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Window>
  );
}
