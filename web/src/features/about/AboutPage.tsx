/** What Valv is, and which one this is. */
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import "./about.css";

type Props = { version: string | null; build: string };

export function AboutPage({ version, build }: Props) {
  const { t } = useTranslation();
  return (
    <Page title={t("about.valv.title")} lead={t("about.valv.lead")}>
      <div className="prose">
        <p>{t("about.valv.what")}</p>
        <p>{t("about.valv.wrong")}</p>
        <p>{t("about.valv.open")}</p>
        <h2>{t("about.valv.versions")}</h2>
      </div>
      <dl className="versions">
        {version !== null && (
          <div>
            <dt>{t("about.valv.version")}</dt>
            <dd>{version}</dd>
          </div>
        )}
        <div>
          <dt>{t("about.valv.build")}</dt>
          <dd>{build}</dd>
        </div>
      </dl>
    </Page>
  );
}
