import { expect, test } from "vitest";
import type { Citation } from "~/stream/events";
import { areSame, canName, hasMarker, material, pieces, quotes } from "./citations";

function source(index: number): Citation {
  return { index, document: `d${index}`, name: `Dokument ${index}`, page: index, start: 0, end: 5, quote: "Citat" };
}

const KNOWN = [source(1), source(2)];

function shape(text: string): string[] {
  return pieces(text, KNOWN).map((piece) => (piece.is === "text" ? piece.text : `#${piece.citation.index}`));
}

test("a marker with a returned source becomes a citation", () => {
  expect(shape("Så är det [1].")).toEqual(["Så är det ", "#1", "."]);
});

test("a marker without a returned source stays text", () => {
  expect(shape("Påhittat [9] här.")).toEqual(["Påhittat [9] här."]);
});

test("a marker of several numbers needs a source for each of them", () => {
  expect(shape("Båda [1, 2]")).toEqual(["Båda ", "#1", "#2"]);
  expect(shape("En av dem [1, 9]")).toEqual(["En av dem [1, 9]"]);
});

test("neighbouring markers are citations of their own", () => {
  expect(shape("[1][2]")).toEqual(["#1", "#2"]);
});

test("brackets that hold anything but numbers stay text", () => {
  expect(shape("[a] [1a] [-1] [] [[x]] [^1]")).toEqual(["[a] [1a] [-1] [] [[x]] [^1]"]);
});

test("without sources nothing is a citation", () => {
  expect(pieces("Så [1].", [])).toEqual([{ is: "text", text: "Så [1]." }]);
});

test("pieces joined again are the text", () => {
  const text = "A [1] b [9] c [1, 2] d";
  const joined = pieces(text, KNOWN).map((piece) => (piece.is === "text" ? piece.text : "")).join("");
  expect(joined).toBe("A  b [9] c  d");
});

test("an extractive answer is its quotes, each with its own citations", () => {
  const found = quotes("Första meningen. [1] Andra meningen. [2]\nTredje. [1][2]", KNOWN);
  expect(found.map((quote) => [quote.text, ...quote.citations.map((one) => one.index)])).toEqual([
    ["Första meningen.", 1],
    ["Andra meningen.", 2],
    ["Tredje.", 1, 2],
  ]);
});

test("a quote whose source has not arrived yet is shown all the same", () => {
  expect(quotes("Första meningen. [1] And", [])).toEqual([{ text: "Första meningen. [1] And", citations: [] }]);
});

test("markers with a space between them belong to the same quote", () => {
  const [only] = quotes("Meningen. [1] [2]", KNOWN);
  expect(only?.citations.map((one) => one.index)).toEqual([1, 2]);
});

test("a text can name a source whose number stands anywhere in it", () => {
  expect(canName("Så är det [2].", KNOWN)).toBe(true);
  expect(canName("Så är det &#91;3,1&#93;.", KNOWN)).toBe(true);
  expect(canName("Så är det [3].", KNOWN)).toBe(false);
  expect(canName("Så är det [1].", [])).toBe(false);
});

test("sources that say the same are the same, however they have come", () => {
  expect(areSame([], [])).toBe(true);
  expect(areSame(KNOWN, [source(1), source(2)])).toBe(true);
});

test.each([
  [[source(1)]],
  [[source(2), source(1)]],
  [[source(1), source(2), source(3)]],
  [[source(1), { ...source(2), quote: "Annat" }]],
  [[source(1), { ...source(2), document: "d9" }]],
  [[source(1), { ...source(2), name: "Annat" }]],
  [[source(1), { ...source(2), page: null }]],
  [[source(1), { ...source(2), start: 1 }]],
  [[source(1), { ...source(2), end: 6 }]],
])("sources that differ in anything are others: %j", (others) => {
  expect(areSame(KNOWN, others)).toBe(false);
  expect(areSame(others, KNOWN)).toBe(false);
});

test("what a text refers to is told apart from what it was only given", () => {
  expect(material("Så är det [2].", KNOWN)).toEqual({ named: [source(2)], unnamed: [source(1)] });
  expect(material("Så är det [1, 2].", KNOWN)).toEqual({ named: KNOWN, unnamed: [] });
  expect(material("Så är det [9].", KNOWN)).toEqual({ named: [], unnamed: KNOWN });
});

test("a marker is seen whether or not there is a source for it", () => {
  expect(hasMarker("Påhittat [1].")).toBe(true);
  expect(hasMarker("Listan [a] har 1 rad.")).toBe(false);
});
