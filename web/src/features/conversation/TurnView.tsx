/** One question and its answer. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Question } from "~/api/answers";
import type { Model } from "~/api/shapes";
import { type Answer, isOver, isSilent, written } from "~/stream/answer";
import type { OpenCitation } from "~/text/CiteChip";
import { languageOf } from "~/text/language";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AnswerBody, Ending } from "./AnswerBody";
import type { Turn } from "./conversation";

type Props = {
  turn: Turn;
  models: readonly Model[];
  canAsk: boolean;
  onOpen: OpenCitation;
  onAsk: (asked: Question) => void;
  onLogin: (asked: Question) => void;
};

export function TurnView({ turn, models, canAsk, onOpen, onAsk, onLogin }: Props) {
  const { t } = useTranslation();
  const { asked, answer, id } = turn;
  return (
    <li className="turn">
      <article className="question" aria-labelledby={`question-${id}`}>
        <h2 id={`question-${id}`}>{t("answer.question")}</h2>
        <p lang={languageOf(asked.question) ?? undefined}>{asked.question}</p>
      </article>
      <article className="answer" aria-labelledby={`answer-${id}`} aria-busy={!isOver(answer)}>
        <h2 id={`answer-${id}`} className="answer-heading" tabIndex={-1}>
          {t("answer.answer")}
        </h2>
        <Origins answer={answer} models={models} />
        <div lang={languageOf(written(answer).text) ?? undefined}>
          <AnswerBody answer={answer} onOpen={onOpen} />
        </div>
        {!isOver(answer) && <Working answer={answer} />}
        <Ending answer={answer} />
        {answer.at === "failed" && (
          <ProblemNote problem={answer.problem}>
            <Mend status={answer.problem.status} canAsk={canAsk} asked={asked} onAsk={onAsk} onLogin={onLogin} />
          </ProblemNote>
        )}
        {answer.at === "stopped" && <AskAgain canAsk={canAsk} onPress={() => onAsk(asked)} />}
      </article>
    </li>
  );
}

/** Who or what wrote the answer. */
function Origins({ answer, models }: { answer: Answer; models: readonly Model[] }) {
  const { t } = useTranslation();
  const { source } = written(answer);
  if (source === null || isSilent(answer)) return null;
  const title = models.find((model) => model.name === source.model)?.title ?? source.model;
  const isQuotes = source.kind === "extractive";
  return (
    <p className="by">
      <Icon name={isQuotes ? "quote" : "pen"} />
      {isQuotes ? t("answer.extractiveNote") : t("answer.by", { model: title })}
    </p>
  );
}

function Working({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  return <p className="working">{answer.at === "waiting" ? t("answer.waiting") : t("answer.writing")}</p>;
}

type MendProps = Pick<Props, "canAsk" | "onAsk" | "onLogin"> & { status: number; asked: Question };

function Mend({ status, canAsk, asked, onAsk, onLogin }: MendProps) {
  const { t } = useTranslation();
  if (status !== 401) return <AskAgain canAsk={canAsk} onPress={() => onAsk(asked)} />;
  return (
    <Button className="button" onPress={() => onLogin(asked)}>
      {t("problem.login")}
    </Button>
  );
}

function AskAgain({ canAsk, onPress }: { canAsk: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button button-quiet" isDisabled={!canAsk} onPress={onPress}>
      {t("answer.again")}
    </Button>
  );
}
