import { expect, test } from "vitest";
import { fields, readEntry } from "./entry";
import { visible } from "./unseen";

test("a record is read with what it says of itself", () => {
  const entry = readEntry(7, {
    seq: 7, ts: "2026-11-21T19:02:54.123456Z", type: "call.outcome", call: "01J", prev: "ab",
    actor: { pid: "p_1", roles: ["employee"] }, op: { name: "chat:ask", route: "POST /v1", model: "citat" },
    rag: [{ doc: "d1" }, { doc: "d1" }, { doc: "d2" }], guard: [{ kind: "personnummer", count: 1 }],
    outcome: { status: "ok", tok_out: 9, dur_us: 1_500_000 }, src: { ip: "127.0.0.1" },
  });
  expect(entry).toMatchObject({ actor: "p_1", model: "citat", status: "ok", documents: ["d1", "d2"], tokens: 9, address: "127.0.0.1" });
  expect(entry.guard).toEqual([{ kind: "personnummer", count: 1 }]);
});

test("a forged record is read without a fault", () => {
  const entry = readEntry(7, { type: 3, actor: "x", op: [], rag: { doc: 1 }, guard: [null], outcome: 4, roles: {} });
  expect(entry).toMatchObject({ type: "", actor: null, documents: [], guard: [], status: null });
});

test("a refused call says why, and a forged reason is none", () => {
  expect(readEntry(7, { type: "call.refused", detail: { reason: "prompt_blocked", status: 400 } }).reason).toBe("prompt_blocked");
  expect(readEntry(7, { type: "call.refused", detail: { reason: 4 } }).reason).toBeNull();
  expect(readEntry(7, { type: "call.refused", detail: "x" }).reason).toBeNull();
});

test("all fields stand with their paths", () => {
  expect(fields({ a: { b: null, c: [1, { d: "x" }] }, e: true })).toEqual([
    { path: "a.b", value: "null" }, { path: "a.c[0]", value: "1" }, { path: "a.c[1].d", value: "x" }, { path: "e", value: "true" },
  ]);
});

test("what can't be seen is written out, and nothing is lost", () => {
  expect(visible("a\u202Eb\n\u200Bc")).toEqual([
    { text: "a", isWritten: false }, { text: "U+202E", isWritten: true }, { text: "b", isWritten: false },
    { text: "U+000A", isWritten: true }, { text: "U+200B", isWritten: true }, { text: "c", isWritten: false },
  ]);
  expect(visible("Åäö 🏛 p_1")).toEqual([{ text: "Åäö 🏛 p_1", isWritten: false }]);
});
