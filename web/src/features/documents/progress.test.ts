import { expect, test } from "vitest";
import type { DocumentItem } from "~/api/shapes";
import { arrivedSince, progressOf, untilNext } from "./progress";

const CREATED = "2026-11-25T08:00:00Z";
const THEN = Date.parse(CREATED);

function item(id: string, state: string, stage = "waiting"): DocumentItem {
  return { id, collection: "c", name: id, media_type: "", sha256: "", size: 1, pages: null, state, stage, error: null, created: CREATED };
}

test("looking ends when every document has arrived", () => {
  expect(untilNext([item("a", "ready"), item("b", "failed")], THEN)).toBe(false);
  expect(untilNext([], THEN)).toBe(false);
  expect(untilNext([item("a", "ready"), item("b", "working")], THEN)).toBe(1000);
});

test("a document that takes long is looked at more seldom", () => {
  const waits = [5_000, 60_000, 600_000].map((age) => untilNext([item("a", "queued")], THEN + age));
  expect(waits).toEqual([1000, 3000, 10_000]);
});

test("what a document waits for is told by its stage", () => {
  expect(progressOf(item("a", "working", "parsing"))).toBe("parsing");
  expect(progressOf(item("a", "working", "embedding"))).toBe("embedding");
  expect(progressOf(item("a", "queued"))).toBe("queued");
  expect(progressOf(item("a", "failed", "done"))).toBe("failed");
});

test("only what was on its way and is there now has arrived", () => {
  const before = [item("a", "working"), item("b", "ready"), item("c", "working")];
  const now = [item("a", "ready"), item("b", "ready"), item("c", "working"), item("d", "ready")];
  expect(arrivedSince(before, now).map(({ id }) => id)).toEqual(["a"]);
});
