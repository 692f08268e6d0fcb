/** Why a change was not made, in the gateway's own words, which say what to do instead. */
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";

export function Refusal({ fault }: { fault: Error }) {
  const { t } = useTranslation();
  const problem = problemOf(fault);
  if (problem.title === "" || problem.status === 401 || problem.status >= 500) return <ProblemNote problem={problem} />;
  return (
    <div className="note note-fault" role="alert">
      <Icon name="warn" />
      <div>
        <p className="note-title">{t("admin.refused")}</p>
        <p>{problem.title}</p>
      </div>
    </div>
  );
}
