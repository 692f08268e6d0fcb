/** Figures of jobs and bars, computed apart from what draws them. */
import type { Bars, Verification } from "~/api/audit";

/** Seconds that a job will still take at the pace so far; unknown at its beginning. */
export function secondsLeft({ done, size, seconds }: Pick<Verification, "done" | "size" | "seconds">): number | null {
  if (done <= 0 || size <= 0 || seconds < 2) return null;
  return Math.max(0, Math.round((seconds / done) * (size - done)));
}

export type Duration = Readonly<{ amount: number; unit: "second" | "minute" | "hour" }>;

export function duration(seconds: number): Duration {
  if (seconds < 90) return { amount: Math.max(1, Math.round(seconds)), unit: "second" };
  if (seconds < 90 * 60) return { amount: Math.round(seconds / 60), unit: "minute" };
  return { amount: Math.round(seconds / 3600), unit: "hour" };
}

export type Bar = Readonly<{ from: string; to: string; count: number; share: number }>;

/** Bars with their windows of time and their heights, 0 to 1. */
export function bars({ start, step, counts }: Bars): Bar[] {
  const most = Math.max(1, ...counts);
  const begun = Date.parse(start);
  return counts.map((count, place) => ({
    from: new Date(begun + place * step * 1000).toISOString(),
    to: new Date(begun + (place + 1) * step * 1000).toISOString(),
    count,
    share: count / most,
  }));
}

/** The numbers beside a record: on its page of the log where it is on one, else the next in the log. */
export function neighbours(seq: number, page: readonly number[]): { newer: number; older: number | null } {
  const place = page.indexOf(seq);
  const older = place < 0 ? undefined : page[place + 1];
  const newer = place < 1 ? undefined : page[place - 1];
  return { newer: newer ?? seq + 1, older: older ?? (seq > 0 ? seq - 1 : null) };
}
