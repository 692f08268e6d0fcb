import { expect, test } from "vitest";
import { fileName, harmless } from "./harmless";
import { languageOf } from "./language";
import { cutAt, findPassage } from "./points";

test("positions are code points, not UTF-16 units", () => {
  expect(cutAt("🙂🙂abc", 2, 4)).toEqual({ before: "🙂🙂", marked: "ab", after: "c" });
});

test("positions outside the text cut nothing", () => {
  expect(cutAt("abc", 2, 9)).toBeNull();
  expect(cutAt("abc", -1, 2)).toBeNull();
  expect(cutAt("abc", 2, 2)).toBeNull();
});

test("a passage is marked where its positions say when they hold the quote", () => {
  expect(findPassage("ja ja nej", "ja", 3, 5)?.before).toBe("ja ");
});

test("a passage whose positions are off is found by its quote", () => {
  expect(findPassage("Ett. Två. Tre.", "Två.", 0, 4)).toEqual({ before: "Ett. ", marked: "Två.", after: " Tre." });
});

test("a quote that stands nowhere leaves the positions to decide, or nothing", () => {
  expect(findPassage("Ett. Två.", "Fem.", 0, 4)?.marked).toBe("Ett.");
  expect(findPassage("Ett. Två.", "Fem.", 50, 60)).toBeNull();
});

test("marks that turn the direction of a name are taken out", () => {
  expect(fileName("avtal\u202Efdp.exe\n2026")).toBe("avtalfdp.exe 2026");
});

test("controls are taken out and line breaks kept", () => {
  expect(harmless("a\u0000b\u001b[31mc\nd\te")).toBe("ab[31mc\nd\te");
});

test("the language of a text shows in its commonest words", () => {
  expect(languageOf("Det är inte så att vi kan och ska.")).toBe("sv");
  expect(languageOf("This is not what you are to do with it.")).toBe("en");
  expect(languageOf("404")).toBeNull();
});
