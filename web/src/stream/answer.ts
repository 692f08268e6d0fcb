/** One answer as it grows: a union, changed by a pure reducer. */
import type { Problem } from "~/api/problem";
import type { AnswerEvent, Citation, Kind } from "./events";

export type Source = Readonly<{ call: string; model: string; kind: Kind }>;

export type Answer =
  | { at: "waiting" }
  | { at: "streaming"; source: Source; text: string; citations: readonly Citation[] }
  | { at: "done"; source: Source; text: string; citations: readonly Citation[]; finish: string; supported: boolean }
  | { at: "stopped"; source: Source | null; text: string; citations: readonly Citation[] }
  | { at: "failed"; source: Source | null; text: string; citations: readonly Citation[]; problem: Problem };

export const waiting: Answer = { at: "waiting" };

/** The answer after one event; what has ended stays as it ended. */
export function grow(answer: Answer, event: AnswerEvent): Answer {
  if (event.type === "error") return fail(answer, event.problem);
  if (answer.at === "waiting") return begin(answer, event);
  if (answer.at !== "streaming") return answer;
  switch (event.type) {
    case "delta":
      return { ...answer, text: answer.text + event.text };
    case "citations":
      return { ...answer, citations: event.items };
    case "done":
      return { ...answer, at: "done", finish: event.finish, supported: event.supported };
    case "start":
      return answer;
  }
}

function begin(answer: Answer, event: AnswerEvent): Answer {
  if (event.type !== "start") return answer;
  const source = { call: event.call, model: event.model, kind: event.kind };
  return { at: "streaming", source, text: "", citations: [] };
}

/** What was written until the reader said stop, kept and marked as stopped. */
export function stop(answer: Answer): Answer {
  return isOver(answer) ? answer : { ...written(answer), at: "stopped" };
}

/** What was written until it broke, with what broke it. */
export function fail(answer: Answer, problem: Problem): Answer {
  return isOver(answer) ? answer : { ...written(answer), at: "failed", problem };
}

export function isOver(answer: Answer): boolean {
  return answer.at !== "waiting" && answer.at !== "streaming";
}

/** Whether nothing was found to quote: then the page says so, and shows no words as if they were a quotation. */
export function isSilent(answer: Answer): boolean {
  return answer.at === "done" && answer.source.kind === "extractive" && !answer.supported && answer.citations.length === 0;
}

/** The part of an answer that has something to show. */
export function written(answer: Answer) {
  if (answer.at === "waiting") return { source: null, text: "", citations: [] };
  return { source: answer.source, text: answer.text, citations: answer.citations };
}
