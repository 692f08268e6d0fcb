/** Text as it was set on a page, for a window of another width. */

const LONGEST = 130;
const FULL = 0.7;
const ENDED = /[.!?:;-]\s*$/u;
const ITEM = /^\s*(?:[-*•–]|\p{L}\)|\d+[.)]\s|$)/u;

/**
 * Joins the lines that only the page's own width broke, a space for each break, so that every position stays.
 * Where a line is longer than any page is wide, lines are paragraphs already.
 */
export function unwrap(text: string): string {
  const lines = text.split("\n");
  const longest = Math.max(...lines.map((line) => line.length));
  if (longest > LONGEST) return text;
  const isFull = (line: string) => line.length >= FULL * longest && !ENDED.test(line);
  return lines.reduce((before, line, at) => {
    const isWrapped = isFull(lines[at - 1] ?? "") && !ITEM.test(line);
    return `${before}${isWrapped ? " " : "\n"}${line}`;
  });
}
