import { expect, test } from "vitest";
import { type OwnWords, openWords } from "./words";

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

const NONE = { languages: [], fetch: () => Promise.resolve({}) };

const OWN: OwnWords = {
  languages: [
    { code: "fi", name: "Suomi" },
    { code: "sv", name: null },
  ],
  fetch: (language) =>
    Promise.resolve(language === "fi" ? { ask: { send: "Kysy" } } : { login: { title: "Stig in" }, ask: { send: "Fråga oss" } }),
};

test("Swedish comes first and English on request", async () => {
  const words = await openWords("sv", NONE);
  expect(words.i18n.t("ask.send")).toBe("Fråga");
  await words.speak("en");
  expect(words.i18n.t("ask.send")).toBe("Ask");
  expect(words.i18n.t("collections.some", { count: 2 })).toBe("2 collections");
});

test("the operator's texts lie over the built-in ones, and their languages fall back on Swedish", async () => {
  const words = await openWords("fi", OWN);
  expect(words.choices.map(({ name }) => name)).toEqual(["Svenska", "English", "Suomi"]);
  expect(words.i18n.t("ask.send")).toBe("Kysy");
  expect(words.i18n.t("login.title")).toBe("Stig in");
  expect(words.i18n.t("ask.stop")).toBe("Stoppa");
});

test("an unknown language is Swedish, and a language that can't be fetched is not spoken", async () => {
  const words = await openWords("xx", { ...OWN, fetch: () => Promise.reject(new Error("gone")) });
  expect(words.i18n.language).toBe("sv");
  expect(words.i18n.t("ask.send")).toBe("Fråga");
  await expect(words.speak("fi")).rejects.toThrow("gone");
  expect(words.i18n.language).toBe("sv");
});
