import { expect, test } from "vitest";
import { openWords } from "./words";

const FILES = import.meta.glob<Record<string, unknown>>("./*/*.json", { eager: true, import: "default" });

function areasOf(language: string): string[] {
  return Object.keys(FILES).filter((name) => name.startsWith(`./${language}/`)).map((name) => name.slice(5));
}

function wordsOf(language: string, area: string): Record<string, unknown> {
  return FILES[`./${language}/${area}`] ?? {};
}

function keys(tree: object, path = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? keys(value, `${path}${key}.`) : [path + key],
  );
}

function blanks(tree: object): string[] {
  return (JSON.stringify(tree).match(/\{\{\w+\}\}/gu) ?? []).toSorted();
}

test.each(areasOf("sv"))("both catalogues of %s say the same things", (area) => {
  expect(keys(wordsOf("en", area))).toEqual(keys(wordsOf("sv", area)));
  expect(blanks(wordsOf("en", area))).toEqual(blanks(wordsOf("sv", area)));
});

test("the languages have the same areas, and no two areas a first word in common", () => {
  expect(areasOf("en")).toEqual(areasOf("sv"));
  const firsts = areasOf("sv").flatMap((area) => Object.keys(wordsOf("sv", area)));
  expect(firsts.length).toBe(new Set(firsts).size);
});

test("Swedish comes first and English on request", async () => {
  const words = await openWords("sv");
  expect(words.i18n.t("ask.send")).toBe("Fråga");
  await words.speak("en");
  expect(words.i18n.t("ask.send")).toBe("Ask");
  expect(words.i18n.t("collections.some", { count: 2 })).toBe("2 collections");
});
