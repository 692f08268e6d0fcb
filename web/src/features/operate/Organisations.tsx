/** The organisations that have been here, by alias alone. */
import { useLocale } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { moment } from "./figures";

type Item = Readonly<{ alias: string; known_since: string }>;

export function Organisations({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation();
  const { locale } = useLocale();
  return (
    <section className="part" aria-labelledby="organisations">
      <h2 id="organisations">{t("operate.organisations.title")}</h2>
      {items.length === 0 && <p>{t("operate.organisations.none")}</p>}
      <ul className="parts">
        {items.map(({ alias, known_since: since }) => (
          <li key={alias} className="part-row">
            <span>{alias}</span>
            <span className="quiet">
              {t("operate.organisations.since")} <time dateTime={since}>{moment(since, locale)}</time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
