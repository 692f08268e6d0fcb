/** Whether the page follows the text that is being written: never against the reader's own scrolling. */

export type Reading = Readonly<{
  /** The end of the text is below what is seen. */
  isAway: boolean;
  isFollowing: boolean;
}>;

export type Moved = "end-left" | "end-seen" | "scrolled-up" | "asked" | "sent-to-end";

export const atRest: Reading = { isAway: false, isFollowing: false };

/** A new question stays at the top and is not left; who goes to the end of the text follows it; who scrolls up doesn't. */
export function move(reading: Reading, moved: Moved): Reading {
  switch (moved) {
    case "asked":
      return atRest;
    case "sent-to-end":
      return { isAway: false, isFollowing: true };
    case "end-left":
      return reading.isFollowing ? reading : { ...reading, isAway: true };
    case "end-seen":
      return reading.isAway ? { isAway: false, isFollowing: true } : reading;
    case "scrolled-up":
      return { ...reading, isFollowing: false };
  }
}
