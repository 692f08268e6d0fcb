import { expect, test } from "vitest";
import english from "./en.json";
import { buildI18n, speak } from "./i18n";
import swedish from "./sv.json";

function keys(tree: object, path = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? keys(value, `${path}${key}.`) : [path + key],
  );
}

function blanks(tree: object): string[] {
  return (JSON.stringify(tree).match(/\{\{\w+\}\}/gu) ?? []).toSorted();
}

test("both catalogues say the same things", () => {
  expect(keys(english)).toEqual(keys(swedish));
  expect(blanks(english)).toEqual(blanks(swedish));
});

test("Swedish comes first and English on request", async () => {
  const i18n = await buildI18n("sv");
  expect(i18n.t("ask.send")).toBe("Fråga");
  await speak(i18n, "en");
  expect(i18n.t("ask.send")).toBe("Ask");
  expect(i18n.t("collections.some", { count: 2 })).toBe("2 collections");
});
