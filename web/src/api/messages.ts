/** Asking in a conversation: the question is taken, the answer is written on the server, and followed from here. */
import { type Api, settle } from "./client";
import { type Choice, onWire } from "./conversations";
import type { paths } from "./schema.gen";
import type { Message } from "./shapes";

/** `parent` is the answer that the question follows; null begins anew. */
export type Question = Readonly<{ text: string; parent: string | null; choice: Choice }>;

/** The ids of what was begun. */
export type Begun =
  paths["/api/conversations/{conversation}/messages"]["post"]["responses"][202]["content"]["application/json"];

/** Asks; when this is answered, the question is on record and kept, and the answer is being written. */
export function ask(api: Api, conversation: string, { text, parent, choice }: Question): Promise<Begun> {
  const params = { path: { conversation } };
  const body = { text, parent, ...onWire(choice) };
  return settle(api.POST("/api/conversations/{conversation}/messages", { params, body }));
}

/** Has another answer written to the same question. */
export function askAgain(api: Api, conversation: string, question: string, choice: Choice): Promise<Begun> {
  const params = { path: { conversation, question } };
  const body = onWire(choice);
  return settle(api.POST("/api/conversations/{conversation}/messages/{question}/answers", { params, body }));
}

/** Stops the engine; the answer as it was left. */
export function stop(api: Api, conversation: string, answer: string): Promise<Message> {
  const params = { path: { conversation, answer } };
  return settle(api.POST("/api/conversations/{conversation}/messages/{answer}/stop", { params }));
}

/** The events of an answer behind a place in it; closing the stream stops nothing. */
export async function openEvents(
  api: Api,
  conversation: string,
  answer: string,
  { after, signal }: { after: string; signal: AbortSignal },
): Promise<ReadableStream<Uint8Array>> {
  const params = { path: { conversation, answer }, query: { after } };
  const path = "/api/conversations/{conversation}/messages/{answer}/events";
  const stream = await settle(api.GET(path, { params, parseAs: "stream", signal }));
  return stream ?? new ReadableStream<Uint8Array>({ start: (end) => end.close() });
}
