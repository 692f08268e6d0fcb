/** The fields of a new key; each says by itself what it lacks. */
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "~/api/building";
import { Icon } from "~/ui/Icon";
import { SCOPES, SCOPE_WORDS, type Scope } from "./keys";
import { useWords } from "./useWords";
import { type Draft, LIFETIMES, toggled } from "./wish";

export function NameField({ name, isMissing, onName }: { name: string; isMissing: boolean; onName: (name: string) => void }) {
  const { t } = useTranslation();
  const field = useId();
  return (
    <div className="field" data-field="name">
      <label htmlFor={field}>{t("develop.keys.form.name")}</label>
      <p id={`${field}-help`} className="quiet">
        {t("develop.keys.form.nameHelp")}
      </p>
      <input
        id={field}
        className="input"
        required
        maxLength={100}
        autoComplete="off"
        value={name}
        aria-invalid={isMissing}
        aria-describedby={`${field}-fault ${field}-help`}
        onChange={(event) => onName(event.target.value)}
      />
      <Fault id={`${field}-fault`} says={isMissing ? t("develop.keys.form.nameMissing") : null} />
    </div>
  );
}

type ScopeProps = { scopes: readonly Scope[]; isMissing: boolean; onScopes: (scopes: readonly Scope[]) => void };

export function ScopeField({ scopes, isMissing, onScopes }: ScopeProps) {
  const { t } = useTranslation();
  return (
    <Group name="scopes" legend={t("develop.keys.form.may")} fault={isMissing ? t("develop.keys.form.mayMissing") : null}>
      {SCOPES.map((scope) => (
        <Tick key={scope} isOn={scopes.includes(scope)} onToggle={() => onScopes(toggled(scopes, scope))}>
          {t(`develop.keys.scopes.${SCOPE_WORDS[scope]}`)}
        </Tick>
      ))}
    </Group>
  );
}

type ModelProps = {
  draft: Draft;
  models: readonly ModelCard[];
  isMissing: boolean;
  onChange: (part: Partial<Draft>) => void;
};

export function ModelField({ draft, models, isMissing, onChange }: ModelProps) {
  const { t } = useTranslation();
  const group = useId();
  const choice = (letsAll: boolean, words: string) => (
    <label className="tick">
      <input type="radio" name={group} checked={draft.letsAll === letsAll} onChange={() => onChange({ letsAll })} />
      {words}
    </label>
  );
  return (
    <Group name="models" legend={t("develop.keys.form.models")} fault={isMissing ? t("develop.keys.form.modelsMissing") : null}>
      {choice(true, t("develop.keys.form.all"))}
      {choice(false, t("develop.keys.form.some"))}
      {!draft.letsAll && (
        <div className="ticks-inner">
          {models.map(({ name, title }) => (
            <Tick
              key={name}
              isOn={draft.models.includes(name)}
              onToggle={() => onChange({ models: toggled(draft.models, name) })}
            >
              {title}
            </Tick>
          ))}
        </div>
      )}
    </Group>
  );
}

export function Lifetime({ days, now, onDays }: { days: number; now: number; onDays: (days: number) => void }) {
  const { t } = useTranslation();
  const { date } = useWords();
  const field = useId();
  return (
    <div className="field">
      <label htmlFor={field}>{t("develop.keys.form.days")}</label>
      <select id={field} className="input" value={days} onChange={(event) => onDays(Number(event.target.value))}>
        {LIFETIMES.map((count) => (
          <option key={count} value={count}>
            {t("develop.keys.form.forDays", { count, date: date(now + count * 86_400) })}
          </option>
        ))}
      </select>
    </div>
  );
}

type GroupProps = { name: string; legend: string; fault: string | null; children: ReactNode };

function Group({ name, legend, fault, children }: GroupProps) {
  const id = useId();
  return (
    <fieldset className="ticks" data-field={name} aria-describedby={id}>
      <legend>{legend}</legend>
      {children}
      <Fault id={id} says={fault} />
    </fieldset>
  );
}

function Tick({ isOn, onToggle, children }: { isOn: boolean; onToggle: () => void; children: ReactNode }) {
  return (
    <label className="tick">
      <input type="checkbox" checked={isOn} onChange={onToggle} />
      {children}
    </label>
  );
}

function Fault({ id, says }: { id: string; says: string | null }) {
  return (
    <p id={id} className="fault">
      {says !== null && (
        <>
          <Icon name="warn" />
          {says}
        </>
      )}
    </p>
  );
}
