import { expect, test } from "vitest";
import { endingOf, minutesLeft, phaseOf } from "./sessionEnd";

const MINUTE = 60_000;
const span = { session_expires_at: 600 * 60, session_idle_seconds: 30 * 60 };

test("who does nothing is logged out after a while", () => {
  expect(endingOf(span, 10 * MINUTE)).toEqual({ at: 40 * MINUTE, why: "idle" });
});

test("who goes on is logged out at the session's own end", () => {
  expect(endingOf(span, 590 * MINUTE)).toEqual({ at: 600 * MINUTE, why: "over" });
});

test("a caller without a session has no end to be warned of", () => {
  expect(endingOf({ session_expires_at: null, session_idle_seconds: null }, 0)).toBeNull();
});

test("the warning comes five minutes before, and says how long is left", () => {
  const ending = { at: 40 * MINUTE, why: "idle" } as const;
  expect(phaseOf(ending, 34 * MINUTE)).toBe("far");
  expect(phaseOf(ending, 35 * MINUTE)).toBe("near");
  expect(phaseOf(ending, 40 * MINUTE)).toBe("past");
  expect(minutesLeft(ending, 35 * MINUTE)).toBe(5);
  expect(minutesLeft(ending, 40 * MINUTE - 1)).toBe(1);
});
