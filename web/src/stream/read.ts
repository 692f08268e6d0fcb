/** Server-sent events over fetch, cut at any byte. */
import { type EventSourceMessage, createParser } from "eventsource-parser";
import { cutOff } from "~/api/problem";
import { type AnswerEvent, decode } from "./events";

/** Yields the answer's events in order and ends after `done` or `error`; a stream that ends before that is cut off. */
export async function* readEvents(bytes: ReadableStream<Uint8Array>): AsyncGenerator<AnswerEvent> {
  for await (const message of readMessages(bytes)) {
    const event = decode(message.event ?? "message", message.data);
    if (event === null) continue;
    yield event;
    if (event.type === "done" || event.type === "error") return;
  }
  yield { type: "error", problem: cutOff };
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
