/** The blanks of a starter task, such as [ämne], for the reader to fill in. */
import type { Range } from "./personal";

const BLANK = /\[[^\][]+\]/gu;

export function blanks(task: string): Range[] {
  return [...task.matchAll(BLANK)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
}

/** The first blank at or behind a place; the end of the text where there is none. */
export function nextBlank(task: string, from: number): Range {
  return blanks(task).find(({ start }) => start >= from) ?? { start: task.length, end: task.length };
}
