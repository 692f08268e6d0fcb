/** The roles to choose among, each with what it lets one do. */
import { Checkbox, CheckboxGroup, Label, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { ROLES, clashes } from "./roles";

type Props = { roles: string[]; onRoles: (roles: string[]) => void };

export function RoleBoxes({ roles, onRoles }: Props) {
  const { t } = useTranslation();
  return (
    <CheckboxGroup className="role-boxes" value={roles} onChange={onRoles} isInvalid={clashes(roles)}>
      <Label className="field-label">{t("admin.roles.label")}</Label>
      {ROLES.map((role) => (
        <Checkbox key={role} value={role} className="role-box">
          <span className="box">
            <Icon name="check" />
          </span>
          <span>
            <span className="role-name">{t(`admin.role.${role}.name`)}</span>
            <span className="quiet role-means">{t(`admin.role.${role}.means`)}</span>
          </span>
        </Checkbox>
      ))}
      {clashes(roles) && (
        <Text slot="errorMessage" className="field-fault">
          {t("admin.roles.clash")}
        </Text>
      )}
    </CheckboxGroup>
  );
}
