/** Text by others, with what can't be seen written out: control characters, and those that turn or hide text. */

export type Part = Readonly<{ text: string; isWritten: boolean }>;

// Controls, formats, unassigned and private use; separators; whatever may be drawn as nothing; the blank of Braille.
const UNSEEN = /[\p{C}\p{Z}\p{DI}\u2800]/u;

export function visible(source: string): Part[] {
  const parts: Part[] = [];
  for (const letter of source) {
    const isWritten = letter !== " " && UNSEEN.test(letter);
    const text = isWritten ? `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` : letter;
    const last = parts.at(-1);
    if (last !== undefined && !last.isWritten && !isWritten) parts[parts.length - 1] = { text: last.text + text, isWritten };
    else parts.push({ text, isWritten });
  }
  return parts;
}

/** The same as one text, for names that are only heard. */
export function written(source: string): string {
  return visible(source)
    .map(({ text }) => text)
    .join("");
}
