/** One record: in words, with all its fields, and with the proof that it stands in the log. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { type Proven, recordQuery } from "~/api/audit";
import { problemOf } from "~/api/problem";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AuditPage } from "./AuditPage";
import { ProofSection } from "./ProofSection";
import { RecordFields } from "./RecordFields";
import { RecordWords } from "./RecordWords";
import { readEntry } from "./entry";
import { neighbours } from "./figures";
import { eventMeaning } from "./names";
import { type AuditSearch, EXACT, readSearch } from "./search";
import { useNeighbourKeys } from "./useNeighbourKeys";
import { useNumbers } from "./useLog";
import "./record.css";

export function RecordPage() {
  const { t } = useTranslation();
  const { seq: named } = useParams({ from: "/granskning/$seq" });
  const search = readSearch(useSearch({ from: "/granskning/$seq" }));
  const seq = /^\d{1,15}$/u.test(named) ? Number(named) : null;
  return (
    <AuditPage title={t("audit.record.title", { seq: seq ?? "" })} search={search}>
      <Link to="/granskning" activeOptions={EXACT} search={search} className="record-back">
        <Icon name="back" />
        {t("audit.record.back")}
      </Link>
      {seq === null ? <p>{t("audit.record.none", { seq: "?" })}</p> : <Record key={seq} seq={seq} search={search} />}
    </AuditPage>
  );
}

function Record({ seq, search }: { seq: number; search: AuditSearch }) {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const { data, error } = useQuery(recordQuery(api, organisation, seq));
  return (
    <>
      <Neighbours seq={seq} search={search} />
      {error !== null && (problemOf(error).status === 404 ? <p>{t("audit.record.none", { seq })}</p> : <ProblemNote problem={problemOf(error)} />)}
      {data === undefined && error === null && (
        <p className="quiet" aria-busy="true">
          {t("audit.record.loading")}
        </p>
      )}
      {data !== undefined && <Shown record={data} />}
    </>
  );
}

function Shown({ record }: { record: Proven }) {
  const { t } = useTranslation();
  const entry = readEntry(record.seq, record.record);
  return (
    <>
      <section className="record-part" aria-labelledby="record-words">
        <h2 id="record-words">{t("audit.record.words")}</h2>
        <p className="record-meaning">{eventMeaning(t, entry.type)}</p>
        <RecordWords entry={entry} />
      </section>
      <ProofSection record={record} previous={entry.previous} />
      <RecordFields record={record.record} />
    </>
  );
}

function Neighbours({ seq, search }: { seq: number; search: AuditSearch }) {
  const { t } = useTranslation();
  const { newer, older } = neighbours(seq, useNumbers(search));
  useNeighbourKeys({ newer, older, search });
  return (
    <nav className="neighbours" aria-label={t("audit.record.neighbours")}>
      <Link to="/granskning/$seq" params={{ seq: String(newer) }} search={search} className="button button-quiet">
        {t("audit.record.next")}
      </Link>
      {older !== null && (
        <Link to="/granskning/$seq" params={{ seq: String(older) }} search={search} className="button button-quiet">
          {t("audit.record.previous")}
        </Link>
      )}
      <span className="quiet">{t("audit.record.keys")}</span>
    </nav>
  );
}
