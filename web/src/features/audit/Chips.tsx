/** What is filtered by, each removable by itself. */
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { eventName, moment, outcomeName } from "./names";
import { type AuditSearch, EXACT, FILTERS, type FilterName, anew, isSpan } from "./search";
import { written } from "./unseen";
import { Visible } from "./Visible";

export function Chips({ search }: { search: AuditSearch }) {
  const { t, i18n } = useTranslation();
  const chips = chipsOf(t, i18n.language, search);
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label={t("audit.chips.label")}>
      {chips.map(({ key, name, without }) => (
        <li key={key}>
          <Link to="/granskning" activeOptions={EXACT} search={without} className="filter-chip" aria-label={t("audit.chips.remove", { name: written(name) })}>
            <Visible text={name} />
            <Icon name="close" />
          </Link>
        </li>
      ))}
      <li>
        <Link to="/granskning" activeOptions={EXACT} search={{}} className="text-button">
          {t("audit.chips.clear")}
        </Link>
      </li>
    </ul>
  );
}

type Chip = Readonly<{ key: string; name: string; without: AuditSearch }>;

/** The chips in words; also what an export's selection is told by. */
export function chipsOf(t: TFunction, language: string, search: AuditSearch): Chip[] {
  const time = timeOf(t, language, search);
  const named = FILTERS.flatMap((name) => {
    const value = search[name];
    if (value === undefined) return [];
    return [{ key: name, name: t(`audit.chips.${name}`, { value: valueOf(t, name, value) }), without: anew(search, { [name]: undefined }) }];
  });
  if (time === null) return named;
  const without = anew(search, { from: undefined, to: undefined });
  return [{ key: "time", name: t("audit.chips.time", { value: time }), without }, ...named];
}

function timeOf(t: TFunction, language: string, { from, to }: AuditSearch): string | null {
  if (isSpan(from) && to === undefined) return t("audit.time.lastOf", { span: t(`audit.time.last.${from}`) });
  const [begun, ended] = [from, to].map((each) => (each === undefined || isSpan(each) ? null : moment(language, each)));
  if (begun != null && ended != null) return t("audit.time.span", { from: begun, to: ended });
  if (begun != null) return t("audit.time.since", { from: begun });
  return ended == null ? null : t("audit.time.until", { to: ended });
}

function valueOf(t: TFunction, name: FilterName, value: string): string {
  if (name === "action") return value.endsWith(".") ? value : eventName(t, value);
  return name === "outcome" ? outcomeName(t, value) : value;
}
