/** What is kept of a person, who sees it and what they can do. */
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { Contact } from "./Contact";

type Props = { contact: string | null; keepsContent: boolean };

export function PrivacyPage({ contact, keepsContent }: Props) {
  const { t } = useTranslation();
  return (
    <Page title={t("about.privacy.title")} lead={t("about.privacy.lead")}>
      <div className="prose">
        <h2>{t("about.privacy.kept")}</h2>
        <ul>
          <li>{t("about.privacy.conversations")}</li>
          <li>
            {t("about.privacy.log")} {keepsContent ? t("about.privacy.logWith") : t("about.privacy.logWithout")}
          </li>
          <li>{t("about.privacy.browser")}</li>
        </ul>
        <h2>{t("about.privacy.notDone")}</h2>
        <p>{t("about.privacy.nothing")}</p>
        <h2>{t("about.privacy.rights")}</h2>
        <p>{t("about.privacy.settings")}</p>
        <p>
          {contact === null ? (
            t("about.privacy.noContact")
          ) : (
            <>
              {t("about.privacy.contact")} <Contact to={contact} />
            </>
          )}
        </p>
      </div>
    </Page>
  );
}
