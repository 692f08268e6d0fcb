/** The parts of the installation, and what to do about one that does not answer. */
import { useTranslation } from "react-i18next";
import type { Installation } from "~/api/shapes";
import { State } from "./State";

const NAMED = ["ledger", "database", "identity", "vectors"] as const;

export function Parts({ parts }: { parts: Installation["parts"] }) {
  const { t } = useTranslation();
  const nameOf = (name: string) => {
    const known = NAMED.find((one) => one === name);
    return known === undefined ? t("operate.parts.model", { name: name.replace(/^model:/u, "") }) : t(`operate.parts.${known}`);
  };
  return (
    <section className="part" aria-labelledby="parts">
      <h2 id="parts">{t("operate.parts.title")}</h2>
      <ul className="parts">
        {parts.map(({ name, ready, advice }) => (
          <li key={name} className="part-row">
            <span>{nameOf(name)}</span>
            <State isWell={ready}>{t(ready ? "operate.parts.ready" : "operate.parts.away")}</State>
            {advice !== null && (
              <p className="part-advice" lang="en">
                {advice}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
