/** The headers by which a programme knows how much is left; a test compares them with those of an answer. */
import { useTranslation } from "react-i18next";

const HEADERS = [
  { header: "x-ratelimit-limit-requests", meaning: "limit" },
  { header: "x-ratelimit-remaining-requests", meaning: "remaining" },
  { header: "x-ratelimit-reset-requests", meaning: "reset" },
] as const;

export function LimitHeaders() {
  const { t } = useTranslation();
  return (
    <section className="part">
      <h2>{t("develop.usage.headers.title")}</h2>
      <p>{t("develop.usage.headers.text")}</p>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("develop.usage.headers.header")}</th>
            <th scope="col">{t("develop.usage.headers.meaning")}</th>
          </tr>
        </thead>
        <tbody>
          {HEADERS.map(({ header, meaning }) => (
            <tr key={header}>
              <th scope="row">
                <code>{header}</code>
              </th>
              <td>{t(`develop.usage.headers.${meaning}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
