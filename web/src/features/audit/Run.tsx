/** One verification that has ended: when, with what result, and what to do about it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Verification } from "~/api/audit";
import { Icon, type IconName } from "~/ui/Icon";
import { Visible } from "./Visible";
import { amount, gapCount, moment, spoken } from "./names";
import { EXACT } from "./search";

const ICONS: Readonly<Record<string, IconName>> = { fine: "check", incomplete: "warn", tampered: "warn" };

export function Run({ job }: { job: Verification }) {
  const { t, i18n } = useTranslation();
  const verdict = job.found?.verdict;
  return (
    <article className={`run run-${verdict ?? job.state}`}>
      <Icon name={ICONS[verdict ?? ""] ?? "info"} />
      <div className="run-text">
        <h3>{verdict === undefined ? t(`audit.jobs.states.${job.state}`) : t(`audit.verify.${verdict}`)}</h3>
        <Result job={job} />
        <p className="quiet run-when">
          <time dateTime={job.created}>{moment(i18n.language, job.created)}</time>
          <span>{t("audit.jobs.took", { time: spoken(t, job.seconds) })}</span>
          <Link to="/granskning" activeOptions={EXACT} search={{ q: job.call }}>{t("audit.jobs.who")}</Link>
        </p>
      </div>
    </article>
  );
}

function Result({ job: { found, state, problem } }: { job: Verification }) {
  const { t, i18n } = useTranslation();
  if (found === null) return <Unfinished state={state} problem={problem} />;
  if (found.verdict === "tampered") return <Changed found={found} />;
  if (found.verdict === "fine") return <p>{t("audit.verify.fineText", { size: amount(i18n.language, found.size) })}</p>;
  return (
    <>
      <p>{t("audit.verify.incompleteText")}</p>
      <ul className="gaps">
        {Object.entries(found.counts).map(([kind, count]) => (
          <li key={kind}>{gapCount(t, kind, count)}: <Places found={found} kind={kind} /></li>
        ))}
      </ul>
    </>
  );
}

const FEW = 5;

function Places({ found, kind }: { found: NonNullable<Verification["found"]>; kind: string }) {
  return found.missing.filter((gap) => gap.kind === kind).slice(0, FEW).map(({ index }) => (
    <Link key={index} to="/granskning/$seq" params={{ seq: String(index) }} search={{}} className="gap-way">{index}</Link>
  ));
}

function Changed({ found: { tampered } }: { found: NonNullable<Verification["found"]> }) {
  const { t, i18n } = useTranslation();
  const fault = tampered?.fault ?? "";
  const index = tampered?.index ?? null;
  return (
    <>
      <p>
        <Visible
          text={index === null
            ? t("audit.verify.tamperedText", { fault })
            : t("audit.verify.tamperedAt", { index: amount(i18n.language, index), fault })}
        />
      </p>
      <p>{t("audit.verify.whatNow")}</p>
    </>
  );
}

export function Unfinished({ state, problem }: Pick<Verification, "state" | "problem">) {
  const { t } = useTranslation();
  if (state === "failed") return <p>{t("audit.jobs.failed", { problem: problem ?? "" })}</p>;
  return state === "interrupted" ? <p>{t("audit.jobs.interrupted")}</p> : null;
}
