/** What a record says, in words, with ways to what belongs to it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Outcome } from "./RecordTable";
import { Visible } from "./Visible";
import type { Entry } from "./entry";
import { amount, eventName, moment, reasonWords, roleName } from "./names";
import { EXACT } from "./search";

export function RecordWords({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation();
  return (
    <dl className="record-words">
      <Said name={t("audit.columns.event")}>
        {eventName(t, entry.type)} <span className="code quiet"><Visible text={entry.type} /></span>
      </Said>
      {entry.at !== null && (
        <Said name={t("audit.record.when")}>
          <time dateTime={entry.at}>{moment(i18n.language, entry.at)}</time> <span className="code quiet"><Visible text={entry.at} /></span>
        </Said>
      )}
      <Who entry={entry} />
      {entry.operation !== null && (
        <Said name={t("audit.record.did")}>
          <span className="code"><Visible text={[entry.operation, entry.route].filter((part) => part !== null).join(" · ")} /></span>
        </Said>
      )}
      {entry.model !== null && <Said name={t("audit.record.model")}><Visible text={entry.model} /></Said>}
      <How entry={entry} />
      <Why reason={entry.reason} />
      <Material entry={entry} />
      {entry.call !== null && (
        <Said name={t("audit.record.call")}>
          <span className="code"><Visible text={entry.call} /></span>{" "}
          <Link to="/granskning" activeOptions={EXACT} search={{ q: entry.call }}>{t("audit.record.sameCall")}</Link>
        </Said>
      )}
    </dl>
  );
}

function Who({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  if (entry.actor === null) return <Said name={t("audit.record.who")}>{t("audit.nobody")}</Said>;
  return (
    <>
      <Said name={t("audit.record.who")}>
        <span className="code"><Visible text={entry.actor} /></span>{" "}
        <Link to="/granskning" activeOptions={EXACT} search={{ actor: entry.actor }}>{t("audit.record.sameActor")}</Link>
      </Said>
      {entry.roles.length > 0 && (
        <Said name={t("audit.record.roles")}><Visible text={entry.roles.map((role) => roleName(t, role)).join(", ")} /></Said>
      )}
      {entry.address !== null && <Said name={t("audit.record.address")}><span className="code"><Visible text={entry.address} /></span></Said>}
    </>
  );
}

function How({ entry: { status, tokens, microseconds } }: { entry: Entry }) {
  const { t, i18n } = useTranslation();
  if (status === null) return null;
  return (
    <Said name={t("audit.record.how")}>
      <Outcome status={status} />
      {tokens !== null && microseconds !== null && (
        <span className="quiet">
          {" "}
          {t("audit.record.length", { tokens: amount(i18n.language, tokens), seconds: amount(i18n.language, microseconds / 1_000_000) })}
        </span>
      )}
    </Said>
  );
}

/** Why it was refused or failed; a reason without words stands among the fields. */
function Why({ reason }: { reason: string | null }) {
  const { t } = useTranslation();
  const words = reason === null ? null : reasonWords(t, reason);
  return words === null ? null : <Said name={t("audit.record.why")}>{words}</Said>;
}

/** What went into the answer. */
function Material({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <>
      {entry.documents.length > 0 && (
        <Said name={t("audit.record.documents")}>
          {entry.documents.map((document) => (
            <Link key={document} to="/granskning" search={{ q: document }} className="code record-document">
              <Visible text={document} />
            </Link>
          ))}
        </Said>
      )}
      {entry.guard.length > 0 && (
        <Said name={t("audit.record.guard")}>
          <Visible text={entry.guard.map(({ kind, count }) => `${kind}: ${count}`).join(", ")} />
        </Said>
      )}
    </>
  );
}

function Said({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="said">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
