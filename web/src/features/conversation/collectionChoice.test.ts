import { expect, test } from "vitest";
import { EVERY, toChosen, toKeys } from "./collectionChoice";

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
