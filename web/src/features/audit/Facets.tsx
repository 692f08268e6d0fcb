/** How what was found divides: the most frequent values of each field, and a way to only those. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Summary } from "~/api/audit";
import { Visible } from "./Visible";
import { amount, eventName, outcomeName } from "./names";
import { type AuditSearch, EXACT, type FilterName, anew } from "./search";

const SHOWN: readonly { facet: "type" | "status" | "model" | "actor"; filter: FilterName }[] = [
  { facet: "type", filter: "action" },
  { facet: "status", filter: "outcome" },
  { facet: "model", filter: "model" },
  { facet: "actor", filter: "actor" },
];
const FEW = 8;

export function Facets({ facets, search }: { facets: Summary["facets"]; search: AuditSearch }) {
  const { t } = useTranslation();
  return (
    <section className="facets" aria-label={t("audit.facets.label")}>
      {SHOWN.map(({ facet, filter }) => (
        <Facet key={facet} facet={facet} filter={filter} values={facets[facet] ?? []} search={search} />
      ))}
    </section>
  );
}

type Props = {
  facet: "type" | "status" | "model" | "actor";
  filter: FilterName;
  values: Summary["facets"][string];
  search: AuditSearch;
};

function Facet({ facet, filter, values, search }: Props) {
  const { t, i18n } = useTranslation();
  const naming = { type: eventName, status: outcomeName, model: plain, actor: plain }[facet];
  return (
    <div className="facet">
      <h2>{t(`audit.facets.${facet}`)}</h2>
      {values.length === 0 && <p className="quiet">{t("audit.facets.none")}</p>}
      <ul>
        {values.slice(0, FEW).map(({ value, count }) => {
          const name = naming(t, value);
          const counted = amount(i18n.language, count);
          return (
            <li key={value}>
              <Link
                to="/granskning"
                activeOptions={EXACT}
                search={anew(search, { [filter]: value })}
                className="facet-way"
              >
                <span className={facet === "actor" ? "code" : undefined}>
                  <span className="only-heard">{t("audit.facets.only")} </span>
                  <Visible text={name} />
                </span>{" "}
                <span className="facet-count">{counted}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {values.length > FEW && <p className="quiet facet-more">{t("audit.facets.more", { count: FEW })}</p>}
    </div>
  );
}

function plain(_: unknown, value: string): string {
  return value;
}
