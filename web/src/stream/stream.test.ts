import { expect, test } from "vitest";
import type { Message } from "~/api/shapes";
import { type Answer, answerOf, grow } from "./answer";
import { coalesce } from "./coalesce";
import type { AnswerEvent } from "./events";
import { type Sent, readEvents } from "./read";

const WIRE = [
  'id: 0\nevent: start\ndata: {"call":"c1","model":"citat","kind":"extractive"}\n\n',
  ": håll linjen öppen\n\n",
  'id: 12\nevent: delta\r\ndata: {"text":"Återbruk är 🙂"}\r\n\r\n',
  'id: 22\nevent: delta\ndata: {"text":" bra [1]."}\n\n',
  'event: okänd\ndata: {"x":1}\n\n',
  'id: 22.1\nevent: citations\ndata: {"items":[{"index":1,"document":"d","name":"Å.pdf","page":null,"start":0,"end":3,"quote":"Åte","score":0.5}]}\n\n',
  'id: 22.2\nevent: done\ndata: {"state":"complete","finish":"stop","usage":{"prompt_tokens":1,"completion_tokens":2},"supported":true}\n\n',
].join("");

const MESSAGE: Message = {
  id: "a1",
  parent: "q1",
  role: "assistant",
  text: "",
  state: "writing",
  created: "2026-01-01T00:00:00Z",
  call: "c1",
  model: "citat",
  kind: "extractive",
  supported: null,
  citations: [],
  finish: null,
  usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  forgotten: 0,
  place: "0",
  problem: null,
};

const begun = answerOf(MESSAGE);

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(out) {
      parts.forEach((part) => out.enqueue(part));
      out.close();
    },
  });
}

async function read(wire: string, cuts: readonly number[]): Promise<Sent[]> {
  const bytes = new TextEncoder().encode(wire);
  const edges = [0, ...cuts, bytes.length];
  const parts = edges.slice(1).map((end, position) => bytes.slice(edges[position], end));
  const sent: Sent[] = [];
  for await (const each of readEvents(streamOf(parts), 1000)) sent.push(each);
  return sent;
}

function answer(sent: readonly Sent[]): Answer {
  return sent.map(({ event }) => event).reduce(grow, begun);
}

test("any cut between two bytes gives the same answer", async () => {
  const whole = answer(await read(WIRE, []));
  const length = new TextEncoder().encode(WIRE).length;
  for (let cut = 1; cut < length; cut += 1) expect(answer(await read(WIRE, [cut]))).toEqual(whole);
  expect(whole).toMatchObject({ at: "done", text: "Återbruk är 🙂 bra [1].", supported: true });
});

test("a stream of single bytes gives the same answer", async () => {
  const length = new TextEncoder().encode(WIRE).length;
  const single = await read(WIRE, Array.from({ length: length - 1 }, (_, position) => position + 1));
  expect(answer(single)).toEqual(answer(await read(WIRE, [])));
});

test("each event tells the place behind it", async () => {
  const sent = await read(WIRE, []);
  expect(sent.map(({ place }) => place)).toEqual(["0", "12", "22", "22.1", "22.2"]);
});

test("a citation without a page has none", async () => {
  expect(answer(await read(WIRE, [])).citations[0]?.page).toBeNull();
});

test("a stream that ends before its end leaves the answer being written", async () => {
  const half = answer(await read(WIRE.slice(0, WIRE.indexOf("event: okänd")), []));
  expect(half).toMatchObject({ at: "writing", text: "Återbruk är 🙂 bra [1]." });
});

test("a problem in the stream ends it with its request id", async () => {
  const wire = 'event: error\ndata: {"slug":"model_failed","title":"T","status":502,"request_id":"r-1"}\n\n';
  expect(answer(await read(wire, []))).toMatchObject({
    at: "failed",
    problem: { slug: "model_failed", status: 502, requestId: "r-1" },
  });
});

test("a known event that is broken ends the answer as garbled", async () => {
  const broken = await read("event: delta\ndata: {\n\n", []);
  expect(broken).toMatchObject([{ event: { type: "error", problem: { slug: "garbled" } } }]);
  expect(await read('event: delta\ndata: {"text":7}\n\n', [])).toMatchObject([{ event: { type: "error" } }]);
});

/** A wire that stays open after its last part, and notes whether its reader cancels it. */
function openWire(wire: string) {
  const seen = { isCancelled: false, close: () => {} };
  const bytes = new ReadableStream<Uint8Array>({
    start(out) {
      out.enqueue(new TextEncoder().encode(wire));
      seen.close = () => out.close();
    },
    cancel() {
      seen.isCancelled = true;
    },
  });
  return { bytes, seen };
}

test.each([
  [WIRE, "done"],
  ['event: error\ndata: {"slug":"model_failed"}\n\n', "error"],
])("what the gateway ended is told at once, and read to its last byte", async (wire, end) => {
  const { bytes, seen } = openWire(`${wire}: a last breath\n\n`);
  const events: AnswerEvent[] = [];
  for await (const { event } of readEvents(bytes, 1000)) {
    events.push(event);
    if (event.type === end) setTimeout(seen.close);
  }
  expect(events.filter((event) => event.type === end)).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: end });
  expect(seen.isCancelled).toBe(false);
});

test("what can't be understood is cancelled", async () => {
  const { bytes, seen } = openWire("event: delta\ndata: {\n\n");
  const events: AnswerEvent[] = [];
  for await (const { event } of readEvents(bytes, 1000)) events.push(event);
  expect(events).toMatchObject([{ type: "error", problem: { slug: "garbled" } }]);
  expect(seen.isCancelled).toBe(true);
});

test("a line on which nothing comes is given up", async () => {
  const { bytes, seen } = openWire('event: delta\ndata: {"text":"Hej"}\n\n');
  const reading = async () => {
    for await (const { event } of readEvents(bytes, 20)) expect(event).toMatchObject({ text: "Hej" });
  };
  await expect(reading()).rejects.toThrow("nothing came");
  expect(seen.isCancelled).toBe(true);
});

test("nothing after the end changes an answer", async () => {
  const done = answer(await read(WIRE, []));
  expect(grow(done, { type: "delta", text: "mer" })).toBe(done);
});

test("an answer that was stopped keeps what was written", () => {
  const half = grow(begun, { type: "delta", text: "Halva" });
  const stopped = grow(half, { type: "done", isStopped: true, finish: "stop", supported: true });
  expect(stopped).toMatchObject({ at: "stopped", text: "Halva" });
});

test.each([
  ["complete", "done"],
  ["stopped", "stopped"],
  ["failed", "failed"],
  ["interrupted", "failed"],
  ["writing", "writing"],
] as const)("an answer kept as %s is shown as %s", (state, at) => {
  expect(answerOf({ ...MESSAGE, state, text: "Halva" })).toMatchObject({ at, text: "Halva" });
});

test("deltas are joined until their time comes, and in order before all else", () => {
  const sent: AnswerEvent[] = [];
  const due: (() => void)[] = [];
  const push = coalesce((event) => sent.push(event), (work) => {
    due.push(work);
    return () => due.splice(due.indexOf(work), 1);
  });
  const done = { type: "done", isStopped: false, finish: "stop", supported: true } as const;
  push({ type: "delta", text: "a" });
  push({ type: "delta", text: "b" });
  expect(sent).toEqual([]);
  due[0]?.();
  expect(sent).toEqual([{ type: "delta", text: "ab" }]);
  push({ type: "delta", text: "c" });
  push(done);
  expect(sent.slice(1)).toEqual([{ type: "delta", text: "c" }, done]);
  expect(due).toEqual([]);
});
