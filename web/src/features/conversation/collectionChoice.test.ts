import { expect, test } from "vitest";
import { EVERY, NONE, toChosen, toKeys } from "./collectionChoice";

test("ticking a collection leaves all of them", () => {
  expect(toChosen(null, [EVERY, "c:a"])).toEqual(["a"]);
});

test("ticking all unticks each", () => {
  expect(toChosen(["a"], ["c:a", EVERY])).toBeNull();
});

test("unticking the last means all", () => {
  expect(toChosen(["a"], [])).toBeNull();
});

test("a choice and its ticks are the same thing said twice", () => {
  expect(toChosen(["x"], toKeys(["a", "b"]))).toEqual(["a", "b"]);
  expect(toKeys(null)).toEqual([EVERY]);
});

test("no documents at all is a choice of its own", () => {
  expect(toChosen(["a"], ["c:a", NONE])).toEqual([]);
  expect(toChosen([], [NONE, "c:a"])).toEqual(["a"]);
  expect(toChosen([], [NONE, EVERY])).toBeNull();
  expect(toKeys([])).toEqual([NONE]);
});
