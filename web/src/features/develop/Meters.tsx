/** What is left of each budget this minute, as meters with their words. */
import { useTranslation } from "react-i18next";
import type { Allowance, Limits } from "~/api/usage";
import { useWords } from "./useWords";

const FEW = 0.2;

export function Meters({ limits }: { limits: Limits }) {
  const { t } = useTranslation();
  return (
    <ul className="meters">
      <li>
        <Meter name={t("develop.usage.organisation")} left={limits.organisation} />
      </li>
      {limits.keys.map(({ key, name, left }) => (
        <li key={key}>
          <Meter name={name} left={left} />
        </li>
      ))}
    </ul>
  );
}

function Meter({ name, left }: { name: string; left: Allowance }) {
  const { t } = useTranslation();
  const { number } = useWords();
  const words = t("develop.usage.remaining", { left: number(left.remaining), limit: number(left.limit) });
  const isFull = left.remaining === left.limit;
  return (
    <div className="meter">
      <p className="meter-name">
        {name}
        {left.remaining < left.limit * FEW && (
          <span className="tag tag-warn">{t(left.remaining === 0 ? "develop.usage.empty" : "develop.usage.low")}</span>
        )}
      </p>
      <meter min={0} max={left.limit} low={left.limit * FEW} value={left.remaining} aria-label={name}>
        {words}
      </meter>
      <p className="quiet">
        {words}
        {!isFull && `, ${t("develop.usage.full", { seconds: number(Math.ceil(left.reset_seconds)) })}`}
      </p>
    </div>
  );
}
