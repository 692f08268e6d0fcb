/** The questions of one sitting and their answers: each question stands for itself. */
import type { Question } from "~/api/answers";
import type { Problem } from "~/api/problem";
import { type Answer, fail, grow, isOver, stop, waiting } from "~/stream/answer";
import type { AnswerEvent } from "~/stream/events";

export type Turn = Readonly<{ id: number; asked: Question; answer: Answer }>;

export type Change =
  | { type: "asked"; id: number; asked: Question }
  | { type: "grew"; id: number; event: AnswerEvent }
  | { type: "stopped"; id: number }
  | { type: "failed"; id: number; problem: Problem };

/** The turns after one change. */
export function change(turns: readonly Turn[], made: Change): readonly Turn[] {
  if (made.type === "asked") return [...turns, { id: made.id, asked: made.asked, answer: waiting }];
  return turns.map((turn) => (turn.id === made.id ? { ...turn, answer: answered(turn.answer, made) } : turn));
}

function answered(answer: Answer, made: Exclude<Change, { type: "asked" }>): Answer {
  switch (made.type) {
    case "grew":
      return grow(answer, made.event);
    case "stopped":
      return stop(answer);
    case "failed":
      return fail(answer, made.problem);
  }
}

/** The turn that is being answered now, if one is. */
export function openTurn(turns: readonly Turn[]): Turn | null {
  const last = turns.at(-1);
  return last === undefined || isOver(last.answer) ? null : last;
}
