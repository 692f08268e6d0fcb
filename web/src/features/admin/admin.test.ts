import { expect, test } from "vitest";
import { clashes, isSame, known } from "./roles";
import { readMemberSearch } from "./search";

test("officer and administrator are never one person, and every other pair may be", () => {
  expect(clashes(["security-officer", "tenant-admin"])).toBe(true);
  expect(clashes(["employee", "prototyper", "security-officer"])).toBe(false);
  expect(clashes([])).toBe(false);
});

test("roles are told in their order, and one that is not known is left out", () => {
  expect(known(["tenant-admin", "sultan", "employee"])).toEqual(["employee", "tenant-admin"]);
  expect(isSame(["prototyper", "employee"], ["employee", "prototyper"])).toBe(true);
  expect(isSame(["employee"], [])).toBe(false);
});

test("an address names a search and where its page begins", () => {
  expect(readMemberSearch({ sok: " anna ", fran: 50 })).toEqual({ sok: "anna", fran: 50 });
  expect(readMemberSearch({ sok: 112 })).toEqual({ sok: "112" });
});

test("an address that makes no sense looks at all members from the first", () => {
  expect(readMemberSearch({ sok: {}, fran: -1 })).toEqual({});
  expect(readMemberSearch({ sok: "", fran: 1.5 })).toEqual({});
  expect(readMemberSearch({ sok: "x".repeat(200) }).sok).toHaveLength(100);
});
