/** The members: who each is, what they may do, and whether they can log in. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Member } from "~/api/shapes";
import { known } from "./roles";

type Props = {
  members: readonly Member[];
  canChange: boolean;
  onRoles: (member: Member) => void;
  onRemove: (member: Member) => void;
};

export function MemberList({ members, canChange, onRoles, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="members" aria-label={t("admin.members.title")}>
      {members.map((member) => (
        <li key={member.id} className="member">
          <div className="member-who">
            <p className="member-name">
              {member.name}
              {member.own && <span className="quiet"> {t("admin.members.own")}</span>}
            </p>
            <p className="quiet">{member.email}</p>
          </div>
          <Standing member={member} />
          {canChange && (
            <div className="member-actions">
              <Button className="button button-quiet" aria-label={t("admin.roles.openFor", { name: member.name })} onPress={() => onRoles(member)}>
                {t("admin.roles.open")}
              </Button>
              {!member.managed && (
                <Button className="button button-quiet" aria-label={t("admin.remove.openFor", { name: member.name })} onPress={() => onRemove(member)}>
                  {t("admin.remove.open")}
                </Button>
              )}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Standing({ member }: { member: Member }) {
  const { t } = useTranslation();
  const roles = known(member.roles);
  return (
    <p className="tags member-roles">
      {roles.map((role) => (
        <span key={role} className="tag">
          {t(`admin.role.${role}.name`)}
        </span>
      ))}
      {roles.length === 0 && <span className="tag">{t("admin.roles.none")}</span>}
      {!member.enabled && <span className="tag tag-warn">{t("admin.members.disabled")}</span>}
      {member.managed && <span className="tag">{t("admin.members.managed")}</span>}
    </p>
  );
}
