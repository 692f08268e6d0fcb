import { expect, test } from "vitest";
import type { Answer } from "~/stream/answer";
import { asMarkdown } from "./copying";

const WORDS = { sources: "Källor", unnamed: "Nämns inte", made: "AI-genererat", place: (name: string, page: number | null) => `${name}, sidan ${page}` };

const ANSWER: Answer = {
  at: "done",
  model: "m",
  kind: "chat",
  text: "Två dagar [1].\n",
  citations: [{ index: 1, document: "d", name: "Policy *ny*.pdf", page: 3, start: 0, end: 3, quote: "Två" }],
  forgotten: 0,
  finish: "stop",
  supported: true,
};

test("an answer takes its sources along, and that a machine made it", () => {
  expect(asMarkdown(ANSWER, WORDS)).toBe(
    String.raw`Två dagar [1].` + "\n\nKällor:\n\n" + String.raw`- [1] Policy \*ny\*.pdf, sidan 3` + "\n\nAI-genererat",
  );
});

test("an answer without sources names none", () => {
  expect(asMarkdown({ ...ANSWER, citations: [] }, WORDS)).toBe("Två dagar [1].\n\nAI-genererat");
});

test("what the answer doesn't refer to is not taken along as a source of it", () => {
  expect(asMarkdown({ ...ANSWER, text: "Två dagar." }, WORDS)).toBe(
    "Två dagar.\n\nNämns inte:\n\n" + String.raw`- [1] Policy \*ny\*.pdf, sidan 3` + "\n\nAI-genererat",
  );
});
