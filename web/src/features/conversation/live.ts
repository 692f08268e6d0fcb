/** The answer that is followed now: what has come of it, and how it goes with the line; and those followed before it. */
import type { Problem } from "~/api/problem";
import type { Message } from "~/api/shapes";
import { type Answer, answerOf, grow } from "~/stream/answer";
import type { AnswerEvent } from "~/stream/events";
import type { Line } from "~/stream/follow";

export type Followed = Readonly<{ id: string; answer: Answer; line: Line; fault: Problem | null }>;

export type Live = Followed & Readonly<{ earlier: ReadonlyMap<string, Followed> }>;

export type LiveChange =
  | { type: "begun"; message: Message }
  | { type: "grew"; id: string; event: AnswerEvent }
  | { type: "line"; id: string; line: Line }
  | { type: "given-up"; id: string; fault: Problem };

/** What is followed after one change; what is told of another answer changes nothing. */
export function changeLive(live: Live | null, made: LiveChange): Live | null {
  if (made.type === "begun") {
    return { id: made.message.id, answer: answerOf(made.message), line: "open", fault: null, earlier: earlierOf(live) };
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

function earlierOf(live: Live | null): Live["earlier"] {
  if (live === null) return new Map();
  const { earlier, ...last } = live;
  return new Map([...earlier, [last.id, last]]);
}

/** How it goes, or went, with following a message; null where it was not followed. */
export function followed(id: string, live: Live | null): Followed | null {
  return live?.id === id ? live : (live?.earlier.get(id) ?? null);
}

/** A message as it is to be shown: what has been followed of it, until the server's copy that has ended is here. */
export function shown(message: Message, here: Followed | null): Answer {
  return here !== null && message.state === "writing" ? here.answer : answerOf(message);
}
