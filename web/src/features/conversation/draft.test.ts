import { expect, test } from "vitest";
import { firstBlank, keepDraft, readDraft } from "./draft";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => void kept.set(key, value),
  };
}

test("a draft is there again for the person who wrote it", () => {
  const tab = storage();
  keepDraft(tab, "kommunen/a", "Vad gäller");
  expect(readDraft(tab, "kommunen/a")).toBe("Vad gäller");
});

test("another person or organisation in the same tab sees no draft", () => {
  const tab = storage();
  keepDraft(tab, "kommunen/a", "Vad gäller");
  expect(readDraft(tab, "regionen/a")).toBe("");
});

test("an empty draft leaves nothing behind", () => {
  const tab = storage();
  keepDraft(tab, "kommunen/a", "x");
  keepDraft(tab, "kommunen/a", "");
  expect(tab.length).toBe(0);
});

test("the first blank of a task is found, and a task without one ends at its end", () => {
  expect(firstBlank("Om [ämne] och [mer]?")).toEqual([3, 9]);
  expect(firstBlank("Hej")).toEqual([3, 3]);
});
