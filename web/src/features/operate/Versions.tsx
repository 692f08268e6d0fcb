/** What runs here, in which version. */
import { useTranslation } from "react-i18next";
import type { Installation } from "~/api/shapes";

type Props = { versions: Installation["versions"]; database: string };

export function Versions({ versions, database }: Props) {
  const { t } = useTranslation();
  return (
    <section className="part" aria-labelledby="versions">
      <h2 id="versions">{t("operate.versions.title")}</h2>
      <dl className="facts">
        {versions.map(({ name, version }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{version}</dd>
          </div>
        ))}
        <div>
          <dt>{t("operate.versions.database")}</dt>
          <dd>{database}</dd>
        </div>
      </dl>
    </section>
  );
}
