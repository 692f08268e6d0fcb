/** What a member may do, to be changed as a whole. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Member } from "~/api/shapes";
import { Window } from "~/ui/Window";
import { Refusal } from "./Refusal";
import { RoleBoxes } from "./RoleBoxes";
import { clashes, isSame } from "./roles";

type Props = {
  member: Member;
  isBusy: boolean;
  fault: Error | null;
  onSave: (roles: readonly string[]) => void;
  onClose: () => void;
};

export function RolesWindow({ member, isBusy, fault, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [roles, setRoles] = useState<string[]>(member.roles);
  const isReady = !isBusy && !clashes(roles) && !isSame(roles, member.roles);
  return (
    <Window title={t("admin.roles.title", { name: member.name })} close={t("admin.close")} onClose={onClose}>
      <RoleBoxes roles={roles} onRoles={setRoles} />
      <p className="quiet">{t("admin.roles.felt")}</p>
      {fault !== null && <Refusal fault={fault} />}
      <div className="actions">
        <Button className="button" isDisabled={!isReady} onPress={() => onSave(roles)}>
          {t("admin.roles.save")}
        </Button>
        <Button className="button button-quiet" onPress={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Window>
  );
}
