/** Markers such as [1] in an answer, and the sources that they stand for. */
import type { Citation } from "~/stream/events";

export type Piece = { is: "text"; text: string } | { is: "citation"; citation: Citation };

const MARKER = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/gu;

/** The text in pieces; a marker becomes a citation only where every number in it has a source that was returned. */
export function pieces(text: string, citations: readonly Citation[]): Piece[] {
  const found: Piece[] = [];
  let rest = 0;
  for (const marker of text.matchAll(MARKER)) {
    const named = sources(marker[1] ?? "", citations);
    if (named === null) continue;
    found.push(...textPiece(text.slice(rest, marker.index)), ...named);
    rest = marker.index + marker[0].length;
  }
  return [...found, ...textPiece(text.slice(rest))];
}

function sources(numbers: string, citations: readonly Citation[]): Piece[] | null {
  const named = numbers.split(",").map((index) => citations.find((one) => one.index === Number(index)));
  const known = named.filter((citation) => citation !== undefined);
  if (known.length < named.length) return null;
  return known.map((citation) => ({ is: "citation", citation }));
}

function textPiece(text: string): Piece[] {
  return text === "" ? [] : [{ is: "text", text }];
}

export type Quote = Readonly<{ text: string; citations: readonly Citation[] }>;

/** An extractive answer as its quotes, each with the citations that follow it. */
export function quotes(text: string, citations: readonly Citation[]): Quote[] {
  const found: { text: string; citations: Citation[] }[] = [];
  let open = false;
  for (const piece of pieces(text, citations)) {
    const last = found.at(-1);
    if (piece.is === "citation") last?.citations.push(piece.citation);
    else if (open && last !== undefined && piece.text.trim() === "") last.text += piece.text;
    else found.push({ text: piece.text, citations: [] });
    open = piece.is === "citation";
  }
  return found.map((quote) => ({ ...quote, text: quote.text.trim() })).filter((quote) => quote.text !== "");
}

export type Material = Readonly<{ named: readonly Citation[]; unnamed: readonly Citation[] }>;

/** What a text refers to, apart from what its writer was given and it doesn't mention. */
export function material(text: string, citations: readonly Citation[]): Material {
  const named = new Set(pieces(text, citations).flatMap((piece) => (piece.is === "citation" ? [piece.citation] : [])));
  return {
    named: citations.filter((citation) => named.has(citation)),
    unnamed: citations.filter((citation) => !named.has(citation)),
  };
}

/** Whether something in a text looks like a reference to a source. */
export function hasMarker(text: string): boolean {
  return text.search(MARKER) !== -1;
}

/** Whether a text can name any of them; where it can't, they change nothing of how it is drawn. */
export function canName(text: string, citations: readonly Citation[]): boolean {
  return citations.some(({ index }) => text.includes(String(index)));
}

const FIELDS = ["index", "document", "name", "page", "start", "end", "quote"] as const;

/** Whether two lists say the same; what was followed and what the server has kept come as objects of their own. */
export function areSame(some: readonly Citation[], others: readonly Citation[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, position) => FIELDS.every((field) => one[field] === others[position]?.[field]))
  );
}
