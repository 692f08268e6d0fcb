/** The accessibility statement (lagen 2018:1937): what is tested, what is not, and whom to tell. */
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { Contact } from "./Contact";

export function AccessibilityPage({ contact }: { contact: string | null }) {
  const { t } = useTranslation();
  return (
    <Page title={t("about.accessibility.title")} lead={t("about.accessibility.lead")}>
      <div className="prose">
        <p>{t("about.accessibility.who")}</p>
        <h2>{t("about.accessibility.how")}</h2>
        <p>{t("about.accessibility.unknown")}</p>
        <h2>{t("about.accessibility.tested")}</h2>
        <ul>
          <li>{t("about.accessibility.axe")}</li>
          <li>{t("about.accessibility.reflow")}</li>
          <li>{t("about.accessibility.keyboard")}</li>
        </ul>
        <h2>{t("about.accessibility.untested")}</h2>
        <ul>
          <li>{t("about.accessibility.people")}</li>
          <li>{t("about.accessibility.readers")}</li>
          <li>{t("about.accessibility.documents")}</li>
        </ul>
        <h2>{t("about.accessibility.report")}</h2>
        <p>
          {contact === null ? (
            t("about.accessibility.noContact")
          ) : (
            <>
              {t("about.accessibility.contact")} <Contact to={contact} />
            </>
          )}
        </p>
        <p>{t("about.accessibility.supervision")}</p>
      </div>
    </Page>
  );
}
