import { expect, test } from "vitest";
import { type Moved, atRest, move } from "./reading";

function after(...moves: Moved[]) {
  return moves.reduce(move, atRest);
}

test("a new question stays at the top though its answer grows out of view", () => {
  expect(after("asked", "end-left")).toEqual({ isAway: true, isFollowing: false });
});

test("who goes to the newest follows it", () => {
  expect(after("end-left", "end-seen")).toEqual({ isAway: false, isFollowing: true });
});

test("who presses the button follows, though more was written before they got there", () => {
  expect(after("end-left", "sent-to-end", "end-left")).toEqual({ isAway: false, isFollowing: true });
});

test("what grows while it is followed doesn't count as left", () => {
  expect(after("end-left", "end-seen", "end-left").isFollowing).toBe(true);
});

test("who scrolls up is left alone until they go back", () => {
  const left = after("end-left", "end-seen", "scrolled-up", "end-left");
  expect(left).toEqual({ isAway: true, isFollowing: false });
  expect(move(left, "end-seen").isFollowing).toBe(true);
});

test("seeing an end that never left is no wish to follow it", () => {
  expect(after("end-seen").isFollowing).toBe(false);
});
