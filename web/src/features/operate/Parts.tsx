/** The parts of the installation, and what to do about one that does not answer. */
import { useTranslation } from "react-i18next";
import type { Installation } from "~/api/shapes";
import { State } from "./State";

const NAMED = ["ledger", "database", "identity", "vectors"] as const;

export function Parts({ parts }: { parts: Installation["parts"] }) {
  const { t } = useTranslation();
  return (
    <section className="part" aria-labelledby="parts">
      <h2 id="parts">{t("operate.parts.title")}</h2>
      <ul className="parts">
        {parts.map(({ name, ready }) => (
          <Part key={name} name={name} isReady={ready} />
        ))}
      </ul>
    </section>
  );
}

function Part({ name, isReady }: { name: string; isReady: boolean }) {
  const { t } = useTranslation();
  const part = NAMED.find((one) => one === name) ?? "model";
  const model = name.replace(/^model:/u, "");
  return (
    <li className="part-row">
      <span>{t(`operate.parts.${part}`, { name: model })}</span>
      <State isWell={isReady}>{t(isReady ? "operate.parts.ready" : "operate.parts.away")}</State>
      {!isReady && <p className="part-advice">{t(`operate.parts.advice.${part}`, { name: model })}</p>}
    </li>
  );
}
