/** When a session ends: a while after its last request, and at the latest at its own end. */

export type Ending = Readonly<{ at: number; why: "idle" | "over" }>;

/** What of a session decides that: epoch seconds, and seconds. */
export type Span = Readonly<{ session_expires_at: number | null; session_idle_seconds: number | null }>;

/** The warning comes this long before, which leaves time to finish a sentence (WCAG 2.2.1 asks for 20 seconds). */
export const WARNING_MS = 5 * 60_000;

/** The nearer of the two ends, in milliseconds; null for a caller without a session. */
export function endingOf(span: Span, usedAt: number): Ending | null {
  const { session_expires_at: over, session_idle_seconds: idle } = span;
  if (over === null || idle === null) return null;
  const left = usedAt + idle * 1000;
  return left < over * 1000 ? { at: left, why: "idle" } : { at: over * 1000, why: "over" };
}

export type Phase = "far" | "near" | "past";

export function phaseOf({ at }: Ending, now: number): Phase {
  if (now >= at) return "past";
  return now >= at - WARNING_MS ? "near" : "far";
}

/** Whole minutes left, at least one. */
export function minutesLeft({ at }: Ending, now: number): number {
  return Math.max(1, Math.round((at - now) / 60_000));
}
