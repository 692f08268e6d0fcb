/** One question and its answer. */
import { type ReactNode, memo, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message, Model } from "~/api/shapes";
import type { OpenCitation } from "~/text/CiteChip";
import { harmless } from "~/text/harmless";
import { languageOf } from "~/text/language";
import { type AnswerProps, AnswerView } from "./AnswerView";
import { EditQuestion } from "./EditQuestion";
import { followed, shown } from "./live";
import { type LiveStore, useLiveValue } from "./liveStore";
import { Tool } from "./Tool";
import type { Turn } from "./tree";
import type { End } from "./useReading";
import { Versions } from "./Versions";

export type TurnEvents = Readonly<{
  onOpen: OpenCitation;
  /** Asks instead of a question, behind the same answer. */
  onAsk: (text: string, parent: string | null) => Promise<void>;
  /** Has another answer written to a question. */
  onAgain: (question: string) => void;
  onShow: (message: string) => void;
  onRetry: () => void;
}>;

type Props = TurnEvents & {
  turn: Turn;
  /** How it goes with following the answer, where it is followed. */
  live: LiveStore;
  models: readonly Model[];
  /** Whether no answer is being written in this branch. */
  canAsk: boolean;
  /** Marks the end of the text, in the last turn. */
  onEnd: End | null;
};

export const TurnView = memo(function TurnView({ turn, live, models, canAsk, onEnd, ...events }: Props) {
  const { question, questions, answer, answers } = turn;
  return (
    <li className="turn" id={`m-${question.id}`}>
      <Question turn={turn} canAsk={canAsk} onAsk={events.onAsk}>
        <Versions of="question" place={questions} onShow={events.onShow} />
      </Question>
      {answer !== null && (
        <Followed
          message={answer}
          live={live}
          models={models}
          canAsk={canAsk}
          onOpen={events.onOpen}
          onAgain={() => events.onAgain(question.id)}
          onRetry={events.onRetry}
          versions={<Versions of="answer" place={answers} onShow={events.onShow} />}
        />
      )}
      {onEnd !== null && <div ref={onEnd} />}
    </li>
  );
});

type FollowedProps = Omit<AnswerProps, "id" | "answer" | "live"> & { message: Message; live: LiveStore };

/** What each frame of text draws anew: the answer, and nothing of its question. */
function Followed({ message, live, ...props }: FollowedProps) {
  const here = useLiveValue(live, (now) => followed(message.id, now));
  return <AnswerView id={message.id} answer={shown(message, here)} live={here} {...props} />;
}

type QuestionProps = Pick<Props, "turn" | "canAsk" | "onAsk"> & { children: ReactNode };

function Question({ turn: { question }, canAsk, onAsk, children }: QuestionProps) {
  const { t } = useTranslation();
  const [isEdited, setEdited] = useState(false);
  const heading = useId();
  if (isEdited) {
    return (
      <EditQuestion text={question.text} onAsk={(text) => onAsk(text, question.parent)} onClose={() => setEdited(false)} />
    );
  }
  return (
    <article className="question" aria-labelledby={heading}>
      <h2 id={heading}>{t("answer.question")}</h2>
      <p lang={languageOf(question.text.slice(0, 1_000)) ?? undefined}>{harmless(question.text)}</p>
      <div className="tools">
        {children}
        {canAsk && <Tool icon="pen" label={t("talk.edit")} onPress={() => setEdited(true)} />}
      </div>
    </article>
  );
}
