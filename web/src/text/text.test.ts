import { expect, test } from "vitest";
import { fileName, harmless } from "./harmless";
import { languageOf } from "./language";
import { unwrap } from "./lines";
import { cutAt, findPassage, unwrapped } from "./points";

test("positions are code points, not UTF-16 units", () => {
  expect(cutAt("🙂🙂abc", 2, 4)).toEqual({ before: "🙂🙂", marked: "ab", after: "c" });
});

const SET = [
  "3 Omfattning och arbetstid",
  "En medarbetare får arbeta på distans två dagar per vecka. Den som",
  "arbetar deltid får arbeta på distans en dag, mellan klockan",
  "9.00 och 15.00. Outnyttjade dagar sparas inte till en annan vecka.",
  "Avtalet ska innehålla de uppgifter som räknas upp i bilagan och ett",
  "1. namn",
  "2. datum",
];

test("lines that only the page's width broke are joined, and nothing changes its place", () => {
  const text = SET.join("\n");
  expect(unwrap(text).split("\n")).toEqual([SET[0], SET.slice(1, 4).join(" "), ...SET.slice(4)]);
  expect(unwrap(text)).toHaveLength(text.length);
});

test("short lines, empty ones and paragraphs stay as they are", () => {
  const paragraphs = `En rubrik som är lång och inte slutar med punkt\n${"ord ".repeat(40)}\nOch så vidare`;
  for (const text of ["", "\n", "Handlingar\n\nansökan", paragraphs]) expect(unwrap(text)).toBe(text);
});

test("what is marked stays marked where a line break within it is joined", () => {
  const text = SET.join("\n");
  const cut = findPassage(text, "Den som\narbetar deltid", 0, 3);
  expect(cut).not.toBeNull();
  if (cut === null) return;
  expect(unwrapped(cut)).toMatchObject({ marked: "Den som arbetar deltid" });
  expect(unwrapped(cut).before.endsWith("per vecka. ")).toBe(true);
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
