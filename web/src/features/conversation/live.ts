/** The answer that is followed now: what has come of it, and how it goes with the line. */
import type { Problem } from "~/api/problem";
import type { Message } from "~/api/shapes";
import { type Answer, answerOf, grow } from "~/stream/answer";
import type { AnswerEvent } from "~/stream/events";
import type { Line } from "~/stream/follow";

export type Live = Readonly<{ id: string; answer: Answer; line: Line; fault: Problem | null }>;

export type LiveChange =
  | { type: "begun"; message: Message }
  | { type: "grew"; id: string; event: AnswerEvent }
  | { type: "line"; id: string; line: Line }
  | { type: "given-up"; id: string; fault: Problem };

/** What is followed after one change; what is told of another answer changes nothing. */
export function changeLive(live: Live | null, made: LiveChange): Live | null {
  if (made.type === "begun") {
    return { id: made.message.id, answer: answerOf(made.message), line: "open", fault: null };
  }
  if (live === null || live.id !== made.id) return live;
  switch (made.type) {
    case "grew":
      return { ...live, answer: grow(live.answer, made.event) };
    case "line":
      return live.line === made.line ? live : { ...live, line: made.line };
    case "given-up":
      return { ...live, fault: made.fault };
  }
}

/** A message as it is to be shown: what has been followed of it, until the server's copy has ended. */
export function shown(message: Message, live: Live | null): Answer {
  return live?.id === message.id && message.state === "writing" ? live.answer : answerOf(message);
}
