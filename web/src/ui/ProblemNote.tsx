/** What went wrong, what to do about it, and the number to quote. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "~/api/problem";
import { Icon } from "./Icon";
import { problemKey } from "./problemKey";
import { Reference } from "./Reference";

type Props = { problem: Problem; children?: ReactNode };

export function ProblemNote({ problem, children }: Props) {
  const { t } = useTranslation();
  const key = problemKey(problem);
  // the gateway says what happened and what to do; only about the draft do we know more
  const isOurs = problem.title === "" || key === "s401";
  return (
    <div className="note note-fault" role="alert">
      <Icon name="warn" />
      <div>
        <p className="note-title">{t(`problem.${key}.title`)}</p>
        <p>{isOurs ? t(`problem.${key}.text`) : problem.title}</p>
        {problem.requestId !== null && <Reference id={problem.requestId} />}
        {children !== undefined && <div className="actions">{children}</div>}
      </div>
    </div>
  );
}
