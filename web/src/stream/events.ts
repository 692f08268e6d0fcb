/** The events of one answer, decoded from what the wire carried. */
import { fromJson, isRecord, number, text } from "~/api/decode";
import { type Problem, garbled, readProblem } from "~/api/problem";

export type Citation = Readonly<{
  index: number;
  document: string;
  name: string;
  page: number | null;
  start: number;
  end: number;
  quote: string;
}>;

export type AnswerEvent =
  | { type: "start" }
  | { type: "delta"; text: string }
  | { type: "citations"; items: readonly Citation[] }
  | { type: "done"; isStopped: boolean; finish: string; supported: boolean }
  | { type: "error"; problem: Problem };

/** The event that a frame stands for; null for kinds we don't know, an error where a known one is broken. */
export function decode(name: string, data: string): AnswerEvent | null {
  const read = READERS.get(name);
  if (read === undefined) return null;
  const body = fromJson(data);
  const event = isRecord(body) ? read(body) : null;
  return event ?? { type: "error", problem: garbled };
}

type Fields = Record<string, unknown>;

const READERS: ReadonlyMap<string, (body: Fields) => AnswerEvent | null> = new Map([
  ["start", (): AnswerEvent => ({ type: "start" })],
  ["delta", delta],
  ["citations", citations],
  ["done", done],
  ["error", (body: Fields): AnswerEvent => ({ type: "error", problem: readProblem(body, 0) })],
]);

function delta(body: Fields): AnswerEvent | null {
  const piece = text(body["text"]);
  return piece === null ? null : { type: "delta", text: piece };
}

function citations(body: Fields): AnswerEvent | null {
  if (!Array.isArray(body["items"])) return null;
  const items = body["items"].map(citation);
  return { type: "citations", items: items.filter((item) => item !== null) };
}

function citation(item: unknown): Citation | null {
  if (!isRecord(item)) return null;
  const [index, start, end] = [number(item["index"]), number(item["start"]), number(item["end"])];
  const [document, name, quote] = [text(item["document"]), text(item["name"]), text(item["quote"])];
  if (index === null || document === null || name === null || quote === null) return null;
  return { index, document, name, quote, page: number(item["page"]), start: start ?? 0, end: end ?? 0 };
}

function done(body: Fields): AnswerEvent {
  return {
    type: "done",
    isStopped: body["state"] === "stopped",
    finish: text(body["finish"]) ?? "stop",
    supported: body["supported"] !== false,
  };
}
