import { expect, test } from "vitest";
import { blanks, nextBlank } from "./blanks";

const TASK = "Jämför [första dokumentet] med [andra dokumentet].";

test("every blank is found, and the first one is where the reader begins", () => {
  expect(blanks(TASK).map(({ start, end }) => TASK.slice(start, end))).toEqual(["[första dokumentet]", "[andra dokumentet]"]);
  expect(nextBlank(TASK, 0)).toEqual({ start: 7, end: 26 });
  expect(nextBlank(TASK, 8)).toEqual({ start: 31, end: 49 });
});

test("a task without blanks is written on at its end", () => {
  expect(nextBlank("Utan lucka", 0)).toEqual({ start: 10, end: 10 });
});
