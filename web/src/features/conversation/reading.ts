/** Whether the page follows the text that is being written: never against the reader's own scrolling. */

/**
 * Where the reader is: the end of the text in sight (`resting`), below it and left there (`away`), below it and scrolled
 * towards (`coming`), followed (`following`), followed but for the moment below what is seen (`behind`).
 */
export type Reading = "resting" | "away" | "coming" | "following" | "behind";

export type Moved = "end-left" | "end-seen" | "scrolled-up" | "scrolled-down" | "asked" | "sent-to-end";

/** A new question stays at the top and is not left; who scrolls to the end of the text follows it; who scrolls up doesn't. */
const NEXT: Readonly<Record<Reading, Partial<Record<Moved, Reading>>>> = {
  resting: { "end-left": "away" },
  away: { "end-seen": "resting", "scrolled-down": "coming" },
  coming: { "end-seen": "following", "scrolled-up": "away" },
  following: { "end-left": "behind", "scrolled-up": "resting" },
  behind: { "end-seen": "following", "scrolled-up": "away" },
};

export function move(reading: Reading, moved: Moved): Reading {
  if (moved === "asked") return "resting";
  if (moved === "sent-to-end") return "behind";
  return NEXT[reading][moved] ?? reading;
}

/** The end of the text is below what is seen, and is not followed. */
export function isAway(reading: Reading): boolean {
  return reading === "away" || reading === "coming";
}

export function isFollowing(reading: Reading): boolean {
  return reading === "following" || reading === "behind";
}
