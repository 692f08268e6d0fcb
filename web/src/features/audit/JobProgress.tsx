/** How far a job has come, how long it has taken, what is left, and the way to cancel it. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Export, Verification } from "~/api/audit";
import { Icon } from "~/ui/Icon";
import { secondsLeft } from "./figures";
import { amount, spoken } from "./names";

type Props = { job: Verification | Export; name: string; onCancel: () => void };

export function JobProgress({ job, name, onCancel }: Props) {
  const { t, i18n } = useTranslation();
  const left = secondsLeft(job);
  const [done, size] = [job.done, job.size].map((count) => amount(i18n.language, count));
  return (
    <div className="job">
      <progress aria-label={name} max={Math.max(1, job.size)} value={job.size === 0 ? undefined : job.done} />
      <p className="job-figures">
        <span>{job.size === 0 ? t("audit.jobs.preparing") : t("audit.jobs.progress", { done, size })}</span>
        <span className="quiet">{t("audit.jobs.elapsed", { time: spoken(t, job.seconds) })}</span>
        {left !== null && <span className="quiet">{t("audit.jobs.left", { time: spoken(t, left) })}</span>}
      </p>
      <Button className="button button-quiet" onPress={onCancel}>
        <Icon name="close" />
        {t("audit.jobs.cancel")}
      </Button>
    </div>
  );
}
