/** Positions in text as the server counts them: in Unicode code points. */
import { unwrap } from "./lines";

export type Cut = Readonly<{ before: string; marked: string; after: string }>;

/** Cuts a text at [start, end); null where the positions don't lie in it. */
export function cutAt(text: string, start: number, end: number): Cut | null {
  const points = Array.from(text);
  if (start < 0 || end <= start || end > points.length) return null;
  return {
    before: points.slice(0, start).join(""),
    marked: points.slice(start, end).join(""),
    after: points.slice(end).join(""),
  };
}

/** Where the quote stands: at the positions given where it does, else where it is found; null where it is not. */
export function findPassage(text: string, quote: string, start: number, end: number): Cut | null {
  const cut = cutAt(text, start, end);
  if (cut !== null && sameWords(cut.marked, quote)) return cut;
  const found = quote === "" ? -1 : text.indexOf(quote);
  if (found < 0) return cut;
  return {
    before: text.slice(0, found),
    marked: quote,
    after: text.slice(found + quote.length),
  };
}

/** The same cut, in the text without the line breaks of its page. */
export function unwrapped({ before, marked, after }: Cut): Cut {
  const text = unwrap(before + marked + after);
  const end = before.length + marked.length;
  return { before: text.slice(0, before.length), marked: text.slice(before.length, end), after: text.slice(end) };
}

function sameWords(one: string, other: string): boolean {
  const words = (text: string) => text.replace(/\s+/gu, " ").trim();
  return words(one).includes(words(other));
}
