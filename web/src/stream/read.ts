/** Server-sent events over fetch, cut at any byte. */
import { type EventSourceMessage, createParser } from "eventsource-parser";
import { cutOff, garbled } from "~/api/problem";
import { type AnswerEvent, decode } from "./events";

/**
 * Yields the answer's events in order, up to `done` or `error`; a stream that ends before that is cut off.
 * What the gateway ended is read to its last byte, for a browser notes a cancelled stream as a failed request;
 * what can't be understood is cancelled, for nobody reads on.
 */
export async function* readEvents(bytes: ReadableStream<Uint8Array>): AsyncGenerator<AnswerEvent> {
  let isOver = false;
  for await (const message of readMessages(bytes)) {
    if (isOver) continue;
    const event = decode(message.event ?? "message", message.data);
    if (event === null) continue;
    yield event;
    if (isGarbled(event)) return;
    isOver = event.type === "done" || event.type === "error";
  }
  if (!isOver) yield { type: "error", problem: cutOff };
}

function isGarbled(event: AnswerEvent): boolean {
  return event.type === "error" && event.problem === garbled;
}

async function* readMessages(bytes: ReadableStream<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(message) });
  const decoder = new TextDecoder();
  const reader = bytes.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* ready.splice(0);
    }
  } finally {
    await reader.cancel();
  }
}
