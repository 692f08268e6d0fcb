/** Records as a grid: one stop of Tab, arrows or J and K from row to row, Enter opens. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Records } from "~/api/audit";
import { Icon } from "~/ui/Icon";
import { Visible } from "./Visible";
import { type Entry, readEntry } from "./entry";
import { dayAndTime, eventName, outcomeName } from "./names";
import type { AuditSearch } from "./search";
import { useRows } from "./useRows";

const COLUMNS = ["seq", "time", "event", "actor", "model", "outcome"] as const;

export function RecordTable({ items, search }: { items: Records["items"]; search: AuditSearch }) {
  const { t } = useTranslation();
  const { grid, active, setActive, onKeyDown } = useRows(items.length);
  return (
    <>
      <p className="quiet log-keys">{t("audit.log.keys")}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose rows are moved over with the arrows is a grid (ARIA practices) */}
      <table ref={grid} role="grid" aria-label={t("audit.log.grid")} className="records" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={`record-${name}`}>
                {t(`audit.columns.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map(({ seq, record }, place) => (
            <Row
              key={seq}
              entry={readEntry(seq, record)}
              search={search}
              isActive={place === active}
              onFocus={() => setActive(place)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

type Props = { entry: Entry; search: AuditSearch; isActive: boolean; onFocus: () => void };

function Row({ entry, search, isActive, onFocus }: Props) {
  const { t } = useTranslation();
  return (
    <tr>
      <td className="record-seq figure">{entry.seq}</td>
      <td className="record-time">
        <When at={entry.at} />
      </td>
      <td className="record-event">
        <Link
          to="/granskning/$seq"
          params={{ seq: String(entry.seq) }}
          search={search}
          className="record-way"
          tabIndex={isActive ? 0 : -1}
          onFocus={onFocus}
        >
          {eventName(t, entry.type)}
        </Link>
        <span className="code quiet">
          <Visible text={entry.type} />
        </span>
      </td>
      <td className="record-actor code">{entry.actor === null ? t("audit.nobody") : <Visible text={short(entry.actor)} />}</td>
      <td className="record-model">{entry.model !== null && <Visible text={entry.model} />}</td>
      <td className="record-outcome">{entry.status !== null && <Outcome status={entry.status} />}</td>
    </tr>
  );
}

/** The day above the time where there is little room. */
function When({ at }: { at: string | null }) {
  const { i18n } = useTranslation();
  const [day, time] = at === null ? ["", ""] : dayAndTime(i18n.language, at);
  return (
    <time dateTime={at ?? undefined}>
      <span>{day}</span> <span>{time}</span>
    </time>
  );
}

export function Outcome({ status }: { status: string }) {
  const { t } = useTranslation();
  return (
    <span className={status === "ok" ? "outcome" : "outcome outcome-odd"}>
      <Icon name={status === "ok" ? "check" : "warn"} />
      <Visible text={outcomeName(t, status)} />
    </span>
  );
}

/** A pseudonym's beginning, enough to tell people of one page apart; the record has it whole. */
function short(actor: string): string {
  return actor.length > 12 ? `${actor.slice(0, 11)}…` : actor;
}
