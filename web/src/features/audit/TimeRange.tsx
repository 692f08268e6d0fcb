/** When: a span back from now, or from one moment to another, in the zone of this device, which is named. */
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type AuditSearch, EXACT, SPANS, anew, isSpan } from "./search";

const NAMES = Object.keys(SPANS).filter(isSpan);

export function TimeRange({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isAll = search.from === undefined && search.to === undefined;
  return (
    <fieldset className="times">
      <legend>{t("audit.time.legend")}</legend>
      <ul className="spans">
        {NAMES.map((name) => (
          <li key={name}>
            <Link
              to="/granskning"
              activeOptions={EXACT}
              search={anew(search, { from: name, to: undefined })}
              className="span"
              aria-current={search.from === name && search.to === undefined ? "true" : undefined}
            >
              {t(`audit.time.last.${name}`)}
            </Link>
          </li>
        ))}
        <li>
          <Link
            to="/granskning"
            activeOptions={EXACT}
            search={anew(search, { from: undefined, to: undefined })}
            className="span"
            aria-current={isAll ? "true" : undefined}
          >
            {t("audit.time.all")}
          </Link>
        </li>
      </ul>
      <Between key={`${search.from} ${search.to}`} search={search} />
      <p className="quiet zone">{t("audit.time.zone", { zone })}</p>
    </fieldset>
  );
}

function Between({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const [from, setFrom] = useState(local(isSpan(search.from) ? undefined : search.from));
  const [to, setTo] = useState(local(search.to));
  const [isBad, setBad] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isTurned = from !== "" && to !== "" && new Date(from) >= new Date(to);
    setBad(isTurned);
    if (!isTurned) void go({ to: "/granskning", search: anew(search, { from: iso(from), to: iso(to) }) });
  };
  return (
    <form className="between" onSubmit={submit}>
      <Moment name={t("audit.time.from")} value={from} onChange={setFrom} />
      <Moment name={t("audit.time.to")} value={to} onChange={setTo} />
      <Button type="submit" className="button button-quiet">
        {t("audit.time.set")}
      </Button>
      {isBad && (
        <p className="field-fault" role="alert">
          {t("audit.time.bad")}
        </p>
      )}
    </form>
  );
}

function Moment({ name, value, onChange }: { name: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <span className="moment">
      <label htmlFor={id}>{name}</label>
      <input id={id} type="datetime-local" step="1" className="field" value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  );
}

/** A moment as the browser's field for local time takes it. */
function local(moment: string | undefined): string {
  if (moment === undefined) return "";
  const then = new Date(moment);
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function iso(written: string): string | undefined {
  const then = new Date(written);
  return written === "" || Number.isNaN(then.getTime()) ? undefined : then.toISOString();
}
