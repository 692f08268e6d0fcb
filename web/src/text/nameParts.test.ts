import { expect, test } from "vitest";
import { nameParts } from "./nameParts";

test("a file's name is broken between its parts", () => {
  expect(nameParts("ekdalen-dokumenthanteringsplan_2026.docx")).toEqual(["ekdalen-", "dokumenthanteringsplan_", "2026", ".docx"]);
});

test("a name of one part is whole, and so are dots in a row", () => {
  expect(nameParts("Policy")).toEqual(["Policy"]);
  expect(nameParts("Policy...")).toEqual(["Policy", "..."]);
});
