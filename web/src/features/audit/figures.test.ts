import { expect, test } from "vitest";
import { bars, duration, neighbours, secondsLeft } from "./figures";

test("what is left is told from the pace so far, and not before there is one", () => {
  expect(secondsLeft({ done: 256, size: 1024, seconds: 10 })).toBe(30);
  expect(secondsLeft({ done: 0, size: 1024, seconds: 10 })).toBeNull();
  expect(secondsLeft({ done: 256, size: 1024, seconds: 1 })).toBeNull();
});

test.each([
  [0.2, { amount: 1, unit: "second" }],
  [89, { amount: 89, unit: "second" }],
  [600, { amount: 10, unit: "minute" }],
  [7200, { amount: 2, unit: "hour" }],
])("%d seconds are told in a fitting unit", (seconds, told) => {
  expect(duration(seconds)).toEqual(told);
});

test("bars have their windows and their heights", () => {
  expect(bars({ start: "2026-11-21T19:00:00Z", step: 60, counts: [1, 4] })).toEqual([
    { from: "2026-11-21T19:00:00.000Z", to: "2026-11-21T19:01:00.000Z", count: 1, share: 0.25 },
    { from: "2026-11-21T19:01:00.000Z", to: "2026-11-21T19:02:00.000Z", count: 4, share: 1 },
  ]);
});

test("a record's neighbours are those of its page, and of the log beyond it", () => {
  expect(neighbours(7, [9, 7, 3])).toEqual({ newer: 9, older: 3 });
  expect(neighbours(9, [9, 7, 3])).toEqual({ newer: 10, older: 7 });
  expect(neighbours(3, [9, 7, 3])).toEqual({ newer: 7, older: 2 });
  expect(neighbours(0, [])).toEqual({ newer: 1, older: null });
});
