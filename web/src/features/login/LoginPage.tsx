/** The way in: one link to the organisation's own login. */
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { useTitle } from "~/ui/useTitle";
import { VaultArches } from "~/ui/Vault";
import "./login.css";

const PROMISES = ["sealed", "sources", "recorded"] as const;

export function LoginPage({ address }: { address: string }) {
  const { t } = useTranslation();
  useTitle(t("login.title"));
  return (
    <div className="login">
      <VaultArches />
      <h1 tabIndex={-1}>{t("login.title")}</h1>
      <p className="login-lead">{t("login.lead")}</p>
      <a className="button button-wide" href={address}>
        {t("login.action")}
      </a>
      <p className="quiet">{t("login.how")}</p>
      <ul className="promises">
        {PROMISES.map((promise) => (
          <li key={promise}>
            <Icon name="check" />
            {t(`login.promises.${promise}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
