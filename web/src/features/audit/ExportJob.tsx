/** One export: how far it has come, or its package while that is kept. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Export, isUnderWay, packageAddress } from "~/api/audit";
import { Icon } from "~/ui/Icon";
import { chipsOf } from "./Chips";
import { JobProgress } from "./JobProgress";
import { Unfinished } from "./Run";
import { Visible } from "./Visible";
import { moment } from "./names";
import { EXACT, searchOf } from "./search";

type Props = {
  job: Export;
  /** When this was known, in milliseconds. */
  now: number;
  onCancel: () => void;
};

export function ExportJob({ job, now, onCancel }: Props) {
  const { t, i18n } = useTranslation();
  const when = moment(i18n.language, job.created);
  const asked = chipsOf(t, i18n.language, searchOf(job.asked)).map(({ name }) => name).join(" · ");
  return (
    <article className={`run run-${job.state}`}>
      <Icon name={job.state === "done" ? "check" : "info"} />
      <div className="run-text">
        <h3>{job.package === null ? t(`audit.jobs.states.${job.state}`) : t("audit.export.records", { count: job.package.records })}</h3>
        <p><Visible text={asked === "" ? t("audit.export.everything") : asked} /></p>
        {isUnderWay(job) && <JobProgress job={job} name={when} onCancel={onCancel} />}
        {job.package === null ? <Unfinished state={job.state} problem={job.problem} /> : <Package job={job} made={job.package} now={now} />}
        <p className="quiet run-when">
          <time dateTime={job.created}>{when}</time>
          <Link to="/granskning" activeOptions={EXACT} search={{ q: job.call }}>{t("audit.jobs.who")}</Link>
        </p>
      </div>
    </article>
  );
}

function Package({ job, made, now }: { job: Export; made: NonNullable<Export["package"]>; now: number }) {
  const { t, i18n } = useTranslation();
  const when = moment(i18n.language, made.deleted_at);
  if (Date.parse(made.deleted_at) <= now) return <p>{t("audit.export.gone", { when })}</p>;
  const size = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(Math.max(1, made.bytes / 1024));
  return (
    <>
      <div className="actions">
        <a className="button button-quiet" href={packageAddress(job.id)} download>
          <Icon name="save" />
          {t("audit.export.download")} ({t("audit.export.size", { size })})
        </a>
      </div>
      <p className="quiet">{t("audit.export.until", { when })}</p>
      <p className="quiet digest">{t("audit.export.digest")}: <span className="code">{made.sha256}</span></p>
    </>
  );
}
