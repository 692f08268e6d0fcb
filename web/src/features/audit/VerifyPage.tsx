/** The verification of the whole log: begun here, followed, cancelled, and what earlier ones found. */
import { useSearch } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Verification, isUnderWay } from "~/api/audit";
import { problemOf } from "~/api/problem";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AuditPage } from "./AuditPage";
import { JobProgress } from "./JobProgress";
import { Run } from "./Run";
import { readSearch } from "./search";
import { useVerifications } from "./useJobs";
import "./jobs.css";

export function VerifyPage() {
  const { t } = useTranslation();
  const search = readSearch(useSearch({ from: "/granskning/verifiering" }));
  const announce = useAnnounce();
  const { jobs, begin, cancel } = useVerifications();
  const running = jobs.data?.filter(isUnderWay) ?? [];
  const fault = begin.error ?? cancel.error ?? jobs.error;
  const start = () => begin.mutate(undefined, { onSuccess: () => announce(t("audit.verify.began")) });
  return (
    <AuditPage title={t("audit.verify.title")} lead={t("audit.verify.lead")} search={search}>
      <div>
        <Button className="button" onPress={start} isDisabled={begin.isPending || running.length > 0}>
          <Icon name="shield" />
          {t("audit.verify.start")}
        </Button>
      </div>
      {fault !== null && <ProblemNote problem={problemOf(fault)} />}
      {running.map((job) => (
        <section key={job.id} className="job-part" aria-labelledby={job.id}>
          <h2 id={job.id}>{t("audit.verify.current")}</h2>
          <JobProgress job={job} name={t("audit.verify.current")} onCancel={() => cancel.mutate(job.id)} />
        </section>
      ))}
      {jobs.data !== undefined && <Runs jobs={jobs.data.filter((job) => !isUnderWay(job))} />}
    </AuditPage>
  );
}

function Runs({ jobs }: { jobs: readonly Verification[] }) {
  const { t } = useTranslation();
  return (
    <section className="job-part" aria-labelledby="runs">
      <h2 id="runs">{t("audit.verify.runs")}</h2>
      {jobs.length === 0 && <p className="quiet">{t("audit.verify.none")}</p>}
      <ul className="runs">
        {jobs.map((job) => (
          <li key={job.id}>
            <Run job={job} />
          </li>
        ))}
      </ul>
    </section>
  );
}
