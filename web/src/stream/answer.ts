/** One answer as it grows: a union, changed by a pure reducer. */
import { type Problem, readProblem } from "~/api/problem";
import type { Message } from "~/api/shapes";
import type { AnswerEvent, Citation } from "./events";

export type Kind = "chat" | "extractive";

type Written = Readonly<{ model: string; kind: Kind; text: string; citations: readonly Citation[]; forgotten: number }>;

type End =
  | { at: "writing" }
  | { at: "done"; finish: string; supported: boolean }
  | { at: "stopped" }
  | { at: "failed"; problem: Problem };

export type Answer = Written & End;

/** The answer as the server has kept it. */
export function answerOf(message: Message): Answer {
  const { text, citations, forgotten, model } = message;
  const kind = message.kind === "extractive" ? "extractive" : "chat";
  return { model: model ?? "", kind, text, citations, forgotten, ...endOf(message) };
}

function endOf({ state, finish, supported, problem }: Message): End {
  switch (state) {
    case "writing":
    case "stopped":
      return { at: state };
    case "complete":
      return { at: "done", finish: finish ?? "stop", supported: supported !== false };
    case "failed":
    case "interrupted":
      return { at: "failed", problem: readProblem(problem, 503) };
  }
}

/** The answer after one event; what has ended stays as it ended. */
export function grow(answer: Answer, event: AnswerEvent): Answer {
  if (answer.at !== "writing") return answer;
  switch (event.type) {
    case "start":
      return answer;
    case "delta":
      return { ...answer, text: answer.text + event.text };
    case "citations":
      return { ...answer, citations: event.items };
    case "error":
      return { ...answer, at: "failed", problem: event.problem };
    case "done":
      if (event.isStopped) return { ...answer, at: "stopped" };
      return { ...answer, at: "done", finish: event.finish, supported: event.supported };
  }
}

export function isOver(answer: Answer): boolean {
  return answer.at !== "writing";
}

/** Whether nothing was found to quote: then the page says so, and shows no words as if they were a quotation. */
export function isSilent(answer: Answer): boolean {
  return answer.at === "done" && answer.kind === "extractive" && !answer.supported;
}
