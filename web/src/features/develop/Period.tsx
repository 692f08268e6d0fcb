/** Which days are looked at, and what is counted. */
import { type FormEvent, useId, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Days } from "~/api/usage";
import { lastDays } from "./days";
import { MEASURES, type Measure } from "./search";

type Props = {
  days: Days;
  now: number;
  measure: Measure;
  onDays: (days: Days) => void;
  onMeasure: (measure: Measure) => void;
};

const LAST = [7, 30, 90] as const;

export function Period({ days, now, measure, onDays, onMeasure }: Props) {
  const { t } = useTranslation();
  return (
    <div className="period">
      <fieldset className="choices" aria-label={t("develop.usage.period")}>
        {LAST.map((count) => {
          const last = lastDays(count, now);
          const isOn = last.from === days.from && last.to === days.to;
          return (
            <Choice key={count} isOn={isOn} words={t("develop.usage.last", { count })} onPress={() => onDays(last)} />
          );
        })}
      </fieldset>
      <OwnDays days={days} onDays={onDays} />
      <fieldset className="choices" aria-label={t("develop.usage.measure")}>
        {MEASURES.map((one) => (
          <Choice
            key={one}
            isOn={one === measure}
            words={t(one === "anrop" ? "develop.usage.calls" : "develop.usage.tokens")}
            onPress={() => onMeasure(one)}
          />
        ))}
      </fieldset>
    </div>
  );
}

function Choice({ isOn, words, onPress }: { isOn: boolean; words: string; onPress: () => void }) {
  return (
    <button type="button" className="pill" aria-pressed={isOn} onClick={onPress}>
      {words}
    </button>
  );
}

function OwnDays({ days, onDays }: Pick<Props, "days" | "onDays">) {
  const { t } = useTranslation();
  const id = useId();
  const [own, setOwn] = useState(days);
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isRange = own.from !== "" && own.to !== "" && own.from <= own.to;
    setWrong(!isRange);
    if (isRange) onDays(own);
  };
  const field = (end: "from" | "to") => (
    <span className="field field-row">
      <label htmlFor={`${id}-${end}`}>{t(`develop.usage.${end}`)}</label>
      <input
        id={`${id}-${end}`}
        className="input"
        type="date"
        value={own[end]}
        aria-invalid={isWrong}
        aria-describedby={`${id}-fault`}
        onChange={(event) => setOwn({ ...own, [end]: event.target.value })}
      />
    </span>
  );
  return (
    <form className="own-days" noValidate onSubmit={submit}>
      {field("from")}
      {field("to")}
      <Button className="button button-quiet" type="submit">
        {t("develop.usage.show")}
      </Button>
      <output id={`${id}-fault`} className="fault">
        {isWrong && t("develop.usage.wrongDays")}
      </output>
    </form>
  );
}
