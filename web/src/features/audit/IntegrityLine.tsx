/** Whether the log holds, as of when and how far: never without its time. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { type Integrity, type Verification, integrityQuery } from "~/api/audit";
import { Icon, type IconName } from "~/ui/Icon";
import { amount, clock } from "./names";
import type { AuditSearch } from "./search";

export function IntegrityLine({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const { data, dataUpdatedAt, isError } = useQuery(integrityQuery(api, organisation));
  if (data === undefined) return <section className="integrity" aria-label={t("audit.line.label")}>{isError && <p>{t("audit.line.unknown")}</p>}</section>;
  return (
    <section className={`integrity integrity-${data.verified?.found?.verdict ?? "never"}`} aria-label={t("audit.line.label")}>
      <Icon name={iconOf(data.verified)} />
      <p className="integrity-text">
        <Verified integrity={data} now={dataUpdatedAt} /> <Running job={data.running} />
      </p>
      <Link to="/granskning/verifiering" search={search} className="integrity-way">
        {t(data.verified === null && data.running === null ? "audit.line.start" : "audit.line.see")}
      </Link>
    </section>
  );
}

function Verified({ integrity: { verified, size }, now }: { integrity: Integrity; now: number }) {
  const { t, i18n } = useTranslation();
  if (verified?.found == null) return <span>{t("audit.line.never")}</span>;
  const { verdict, tampered } = verified.found;
  const at = verified.ended ?? verified.created;
  const when = clock(t, i18n.language, at, new Date(now));
  const since = size - verified.found.size;
  if (verdict === "tampered") return <TamperedAt index={tampered?.index ?? null} when={when} />;
  const last = amount(i18n.language, verified.found.size - 1);
  return (
    <>
      <strong>{t(`audit.line.${verdict}`, { last, when })}</strong>
      {since > 0 && <span className="quiet"> · {t("audit.line.since", { count: since })}</span>}
    </>
  );
}

function TamperedAt({ index, when }: { index: number | null; when: string }) {
  const { t, i18n } = useTranslation();
  if (index === null) return <strong>{t("audit.line.tamperedSomewhere", { when })}</strong>;
  return <strong>{t("audit.line.tampered", { index: amount(i18n.language, index), when })}</strong>;
}

function Running({ job }: { job: Verification | null }) {
  const { t, i18n } = useTranslation();
  if (job === null) return null;
  const [done, size] = [job.done, job.size].map((count) => amount(i18n.language, count));
  return <span className="quiet">· {t("audit.line.running", { done, size })}</span>;
}

function iconOf(verified: Verification | null): IconName {
  if (verified?.found == null) return "shield";
  return verified.found.verdict === "fine" ? "check" : "warn";
}
