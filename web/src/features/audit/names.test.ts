import { beforeAll, expect, test } from "vitest";
import { type Words, openWords } from "~/i18n/words";
import { gapCount, outcomeName, reasonWords } from "./names";

let words: Words;

beforeAll(async () => {
  words = await openWords("sv", { languages: [], fetch: () => Promise.resolve({}) });
  await words.need("audit");
});

test.each([
  ["sv", "interrupted", 1, "1 avbruten fråga"],
  ["sv", "interrupted", 2, "2 avbrutna frågor"],
  ["sv", "made_up", 3, "3 made_up"],
  ["en", "open", 1, "1 question that was not finished"],
  ["en", "open", 4, "4 questions that were not finished"],
])("in %s, %s of %i is: %s", async (language, kind, count, said) => {
  await words.speak(language);
  expect(gapCount(words.i18n.t, kind, count)).toBe(said);
});

test("a refused call is told apart from an answer that was stopped, with the reason in words", async () => {
  await words.speak("sv");
  expect(outcomeName(words.i18n.t, "blocked")).toBe("Nekat");
  expect(reasonWords(words.i18n.t, "limit_reached")).toBe("Gränsen för antal frågor var nådd.");
  expect(reasonWords(words.i18n.t, "made_up")).toBeNull();
});
