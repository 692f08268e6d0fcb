import { expect, test } from "vitest";
import type { Choice } from "~/api/conversations";
import type { Model } from "~/api/shapes";
import { chosenModel, mayAskWithoutDocuments, withModel } from "./choosing";

function model(name: string, kind: string): Model {
  return { name, kind, title: name, description: "", languages: [], default: true, ceiling: "", writes_swedish: true };
}

const [WRITER, QUOTER] = [model("skribent", "chat"), model("citat", "extractive")];
const MODELS = [WRITER, QUOTER];
const AUTO: Choice = { model: null, collections: null, mode: "model" };

test("each way of answering that is chosen is the one that is shown", () => {
  for (const each of [null, ...MODELS]) expect(chosenModel(MODELS, withModel(AUTO, each))).toBe(each);
});

test("quotations are chosen as a mode, so that no model's name has to last", () => {
  expect(withModel(AUTO, QUOTER)).toEqual({ model: null, collections: null, mode: "quotations" });
});

test("who chooses quotations searches documents again", () => {
  expect(withModel({ ...AUTO, collections: [] }, QUOTER).collections).toBeNull();
  expect(withModel({ ...AUTO, collections: ["a"] }, QUOTER).collections).toEqual(["a"]);
});

test("only a model that writes answers without documents", () => {
  expect(mayAskWithoutDocuments(MODELS, AUTO)).toBe(true);
  expect(mayAskWithoutDocuments([QUOTER], AUTO)).toBe(false);
  expect(mayAskWithoutDocuments(MODELS, { ...AUTO, mode: "quotations" })).toBe(false);
});
