/** A record with every field, and as JSON; text by others stays text, and what can't be seen is written out. */
import { useTranslation } from "react-i18next";
import { Visible } from "./Visible";
import { fields } from "./entry";

export function RecordFields({ record }: { record: Readonly<Record<string, unknown>> }) {
  const { t } = useTranslation();
  return (
    <section className="record-part" aria-labelledby="record-fields">
      <h2 id="record-fields">{t("audit.record.fields")}</h2>
      <p className="quiet">{t("audit.record.hidden")}</p>
      <table className="plain-table record-fields">
        <thead>
          <tr>
            <th scope="col">{t("audit.record.field")}</th>
            <th scope="col">{t("audit.record.value")}</th>
          </tr>
        </thead>
        <tbody>
          {fields(record).map(({ path, value }) => (
            <tr key={path}>
              <th scope="row" className="code"><Visible text={path} /></th>
              <td className="code"><Visible text={value} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <details>
        <summary>{t("audit.record.jsonShow")}</summary>
        <pre className="code record-json">
          {JSON.stringify(record, null, 2).split("\n").map((line, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines of one text never change places
            <span key={place} className="record-line"><Visible text={line} /></span>
          ))}
        </pre>
      </details>
    </section>
  );
}
