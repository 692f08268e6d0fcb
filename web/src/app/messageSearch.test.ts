import { expect, test } from "vitest";
import { readMessage } from "./messageSearch";

test("a message's id is read, and anything else asks for none", () => {
  const id = "0123456789abcdef01234567";
  expect(readMessage({ m: id })).toEqual({ m: id });
  for (const m of [undefined, "", "x", `${id}0`, `${id}"]`, 7]) expect(readMessage({ m })).toEqual({});
});
