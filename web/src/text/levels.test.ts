import { expect, test } from "vitest";
import { strictest } from "./levels";

test("the stricter of the workspace and the model decides", () => {
  expect(strictest("internal", "confidential")).toBe("internal");
  expect(strictest("confidential", "internal")).toBe("internal");
  expect(strictest("internal", null)).toBe("internal");
});

test("a level by another name is the model's to say", () => {
  expect(strictest("internal", "k1")).toBe("k1");
});
