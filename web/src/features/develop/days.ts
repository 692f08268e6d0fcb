/** Days of UTC as text such as 2026-11-22: usage is counted by them. */
import type { Days } from "~/api/usage";

const DAY = 86_400_000;
export const LONGEST = 366;

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The last `count` days, the day of `now` among them. */
export function lastDays(count: number, now: number): Days {
  return { from: dayOf(now - (count - 1) * DAY), to: dayOf(now) };
}

export function daysBetween({ from, to }: Days): string[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  return Array.from({ length: lengthOf({ from, to }) }, (_, place) => dayOf(first + place * DAY));
}

export function lengthOf({ from, to }: Days): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY) + 1;
}

/** The same range, no longer than what is told at once; what is cut is cut at its beginning. */
export function within({ from, to }: Days): Days {
  if (lengthOf({ from, to }) <= LONGEST) return { from, to };
  return { from: dayOf(Date.parse(`${to}T00:00:00Z`) - (LONGEST - 1) * DAY), to };
}
