import { expect, test } from "vitest";
import { type Moved, type Reading, isAway, isFollowing, move } from "./reading";

function after(...moves: Moved[]): Reading {
  return moves.reduce(move, "resting");
}

test("a new question stays at the top though its answer grows out of view", () => {
  expect(after("asked", "end-left")).toBe("away");
});

test("who goes to the newest follows it", () => {
  expect(after("end-left", "scrolled-down", "end-seen")).toBe("following");
});

test("who presses the button follows, though more was written before they got there", () => {
  const sent = after("end-left", "sent-to-end", "end-left");
  expect([isAway(sent), isFollowing(sent)]).toEqual([false, true]);
});

test("what grows while it is followed doesn't count as left", () => {
  const grown = after("end-left", "scrolled-down", "end-seen", "end-left");
  expect([isAway(grown), isFollowing(grown)]).toEqual([false, true]);
});

test("who scrolls up is left alone until they go back", () => {
  const left = after("end-left", "scrolled-down", "end-seen", "scrolled-up", "end-left");
  expect(left).toBe("away");
  expect(move(move(left, "scrolled-down"), "end-seen")).toBe("following");
});

test("who scrolls up from a text that was ahead of the page is told that there is more", () => {
  expect(after("sent-to-end", "end-seen", "end-left", "scrolled-up")).toBe("away");
});

test("seeing an end that never left is no wish to follow it", () => {
  expect(after("end-seen")).toBe("resting");
});

test("an end that comes into view by itself is not followed", () => {
  expect(after("end-left", "end-seen")).toBe("resting");
  expect(after("end-left", "scrolled-down", "scrolled-up", "end-seen")).toBe("resting");
});

test("what was scrolled before the end was left is no way to it", () => {
  expect(after("scrolled-down", "end-left", "end-seen")).toBe("resting");
});

test("another question is not followed", () => {
  expect(after("end-left", "sent-to-end", "end-seen", "asked")).toBe("resting");
});
