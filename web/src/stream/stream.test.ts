import { expect, test } from "vitest";
import { unreachable } from "~/api/problem";
import { type Answer, fail, grow, stop, waiting } from "./answer";
import { coalesce } from "./coalesce";
import type { AnswerEvent } from "./events";
import { readEvents } from "./read";

const WIRE = [
  'event: start\ndata: {"call":"c1","model":"citat","kind":"extractive"}\n\n',
  ": håll linjen öppen\n\n",
  'event: delta\r\ndata: {"text":"Återbruk är 🙂"}\r\n\r\n',
  'event: delta\ndata: {"text":" bra [1]."}\n\n',
  'event: okänd\ndata: {"x":1}\n\n',
  'event: citations\ndata: {"items":[{"index":1,"document":"d","name":"Å.pdf","page":null,"start":0,"end":3,"quote":"Åte","score":0.5}]}\n\n',
  'event: done\ndata: {"finish":"stop","usage":{"prompt_tokens":1,"completion_tokens":2},"supported":true}\n\n',
].join("");

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(out) {
      parts.forEach((part) => out.enqueue(part));
      out.close();
    },
  });
}

async function read(wire: string, cuts: readonly number[]): Promise<AnswerEvent[]> {
  const bytes = new TextEncoder().encode(wire);
  const edges = [0, ...cuts, bytes.length];
  const parts = edges.slice(1).map((end, position) => bytes.slice(edges[position], end));
  const events: AnswerEvent[] = [];
  for await (const event of readEvents(streamOf(parts))) events.push(event);
  return events;
}

function answer(events: readonly AnswerEvent[]): Answer {
  return events.reduce(grow, waiting);
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

test("a citation without a page has none", async () => {
  const whole = answer(await read(WIRE, []));
  expect(whole.at === "done" && whole.citations[0]?.page).toBeNull();
});

test("a stream that ends before its end is cut off, and what came is kept", async () => {
  const half = answer(await read(WIRE.slice(0, WIRE.indexOf("event: okänd")), []));
  expect(half).toMatchObject({ at: "failed", text: "Återbruk är 🙂 bra [1].", problem: { slug: "cut_off" } });
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
  expect(broken).toMatchObject([{ type: "error", problem: { slug: "garbled" } }]);
  expect(await read('event: delta\ndata: {"text":7}\n\n', [])).toMatchObject([{ type: "error" }]);
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
  for await (const event of readEvents(bytes)) {
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
  for await (const event of readEvents(bytes)) events.push(event);
  expect(events).toMatchObject([{ type: "error", problem: { slug: "garbled" } }]);
  expect(seen.isCancelled).toBe(true);
});

test("nothing after the end changes an answer", async () => {
  const done = answer(await read(WIRE, []));
  expect(grow(done, { type: "delta", text: "mer" })).toBe(done);
  expect(stop(done)).toBe(done);
  expect(fail(done, unreachable)).toBe(done);
});

test("stop keeps what was written", () => {
  const streaming = answer([
    { type: "start", call: "c", model: "m", kind: "chat" },
    { type: "delta", text: "Halva" },
  ]);
  expect(stop(streaming)).toMatchObject({ at: "stopped", text: "Halva", source: { model: "m" } });
  expect(stop(waiting)).toMatchObject({ at: "stopped", text: "", source: null });
});

test("text before the start is not shown", () => {
  expect(grow(waiting, { type: "delta", text: "x" })).toBe(waiting);
});

test("deltas are joined until their time comes, and in order before all else", () => {
  const sent: AnswerEvent[] = [];
  const due: (() => void)[] = [];
  const push = coalesce((event) => sent.push(event), (work) => {
    due.push(work);
    return () => due.splice(due.indexOf(work), 1);
  });
  push({ type: "delta", text: "a" });
  push({ type: "delta", text: "b" });
  expect(sent).toEqual([]);
  due[0]?.();
  expect(sent).toEqual([{ type: "delta", text: "ab" }]);
  push({ type: "delta", text: "c" });
  push({ type: "done", finish: "stop", supported: true });
  expect(sent.slice(1)).toEqual([{ type: "delta", text: "c" }, { type: "done", finish: "stop", supported: true }]);
  expect(due).toEqual([]);
});
