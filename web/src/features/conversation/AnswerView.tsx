/** One answer: who wrote it, what it says, how it ended, and what can be done with it. */
import { type ReactNode, memo, useId, useMemo } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/shapes";
import { type Answer, type Kind, isOver, isSilent } from "~/stream/answer";
import type { OpenCitation } from "~/text/CiteChip";
import { languageOf } from "~/text/language";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AnswerBody, Ending } from "./AnswerBody";
import { CopyAnswer } from "./CopyAnswer";
import type { Followed } from "./live";
import { LoginAgain } from "./LoginAgain";
import { ModelCard } from "./ModelCard";
import { Tool } from "./Tool";

export type AnswerProps = {
  id: string;
  answer: Answer;
  live: Followed | null;
  models: readonly Model[];
  canAsk: boolean;
  onOpen: OpenCitation;
  onAgain: () => void;
  onRetry: () => void;
  versions: ReactNode;
};

export function AnswerView({ id, answer, live, models, canAsk, onOpen, onAgain, onRetry, versions }: AnswerProps) {
  const { t } = useTranslation();
  const heading = useId();
  const hasWords = saysSomething(answer);
  const model = models.find((one) => one.name === answer.model) ?? null;
  return (
    <article className="answer" id={`m-${id}`} aria-labelledby={heading} aria-busy={!isOver(answer)}>
      <h2 id={heading} className="answer-heading" tabIndex={-1}>
        {t("answer.answer")}
      </h2>
      {hasWords && <Origins kind={answer.kind} name={answer.model} model={model} />}
      <Forgotten count={answer.forgotten} />
      <div lang={useLanguage(answer.text) ?? undefined}>
        <AnswerBody answer={answer} onOpen={onOpen} />
      </div>
      {!isOver(answer) && <Working answer={answer} live={live} onRetry={onRetry} />}
      <Ending answer={answer} onOpen={onOpen} />
      {answer.at === "failed" && (
        <ProblemNote problem={answer.problem}>{canAsk && <Again onAgain={onAgain} />}</ProblemNote>
      )}
      {isOver(answer) && (
        <div className="tools">
          {versions}
          <Tools answer={answer} model={model} canAsk={canAsk} onAgain={onAgain} />
        </div>
      )}
    </article>
  );
}

function saysSomething(answer: Answer): boolean {
  return answer.text !== "" && !isSilent(answer);
}

function useLanguage(text: string): ReturnType<typeof languageOf> {
  const beginning = text.slice(0, 1_000);
  return useMemo(() => languageOf(beginning), [beginning]);
}

type ToolsProps = Pick<AnswerProps, "answer" | "canAsk" | "onAgain"> & { model: Model | null };

/** What can be done with an answer that has ended; one that failed has its own way to another. */
function Tools({ answer, model, canAsk, onAgain }: ToolsProps) {
  const { t } = useTranslation();
  return (
    <>
      {saysSomething(answer) && <CopyAnswer answer={answer} by={model?.title ?? answer.model} />}
      {canAsk && answer.at !== "failed" && <Tool icon="retry" label={t("talk.again")} onPress={onAgain} />}
    </>
  );
}

function Again({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button button-quiet" onPress={onAgain}>
      {t("answer.again")}
    </Button>
  );
}

type OriginsProps = { kind: Kind; name: string; model: Model | null };

/** Who or what wrote the answer. */
const Origins = memo(function Origins({ kind, name, model }: OriginsProps) {
  const { t } = useTranslation();
  const isQuotes = kind === "extractive";
  return (
    <p className="by">
      <span className="by-whom">
        <Icon name={isQuotes ? "quote" : "pen"} />
        <span>{isQuotes ? t("answer.extractiveNote") : t("answer.by", { model: model?.title ?? name })}</span>
      </span>
      {model !== null && <ModelCard model={model} />}
    </p>
  );
});

/** What the answer was written without, in words. */
function Forgotten({ count }: { count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <p className="forgotten">
      <Icon name="info" />
      {t("talk.forgotten", { count })}
    </p>
  );
}

type WorkingProps = { answer: Answer; live: Followed | null; onRetry: () => void };

/** That it is being written; or, where the line is gone, that it goes on elsewhere. */
function Working({ answer, live, onRetry }: WorkingProps) {
  const { t } = useTranslation();
  if (live !== null && live.fault !== null) {
    return (
      <ProblemNote problem={live.fault}>
        <LoginAgain problem={live.fault} />
        <Button className="button button-quiet" onPress={onRetry}>
          {t("problem.retry")}
        </Button>
      </ProblemNote>
    );
  }
  if (live?.line === "lost") {
    return (
      <p className="offline">
        <Icon name="warn" />
        {t("talk.offline")}
      </p>
    );
  }
  return <p className="working">{answer.text === "" ? t("answer.waiting") : t("answer.writing")}</p>;
}
