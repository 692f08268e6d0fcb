/** Server-sent events over fetch, cut at any byte. */
import { type EventSourceMessage, createParser } from "eventsource-parser";
import { garbled } from "~/api/problem";
import { type AnswerEvent, decode } from "./events";

/** An event, and the place behind it in the answer; null where it carried none. */
export type Sent = Readonly<{ event: AnswerEvent; place: string | null }>;

/**
 * Yields the answer's events in order. What the gateway ended is read to its last byte, for a browser notes a
 * cancelled stream as a failed request; what can't be understood is cancelled, for nobody reads on.
 * Throws where nothing at all has come for `silence` milliseconds: the line is dead, whatever the network says.
 */
export async function* readEvents(bytes: ReadableStream<Uint8Array>, silence: number): AsyncGenerator<Sent> {
  let isOver = false;
  for await (const message of readMessages(bytes, silence)) {
    if (isOver) continue;
    const event = decode(message.event ?? "message", message.data);
    if (event === null) continue;
    yield { event, place: message.id ?? null };
    if (isGarbled(event)) return;
    isOver = isEnd(event);
  }
}

/** Whether nothing follows it. */
export function isEnd(event: AnswerEvent): boolean {
  return event.type === "done" || event.type === "error";
}

function isGarbled(event: AnswerEvent): boolean {
  return event.type === "error" && event.problem === garbled;
}

async function* readMessages(bytes: ReadableStream<Uint8Array>, silence: number): AsyncGenerator<EventSourceMessage> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => ready.push(message) });
  const decoder = new TextDecoder();
  const reader = bytes.getReader();
  const next = () => within(silence, reader.read());
  try {
    for (let chunk = await next(); !chunk.done; chunk = await next()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* ready.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined); // a line that broke can't be closed
  }
}

function within<Value>(time: number, awaited: Promise<Value>): Promise<Value> {
  return new Promise((keep, give) => {
    const timer = setTimeout(() => give(new DOMException("nothing came", "TimeoutError")), time);
    awaited.then(keep, give).finally(() => clearTimeout(timer));
  });
}
