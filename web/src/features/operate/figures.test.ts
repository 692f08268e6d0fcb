import { expect, test } from "vitest";
import { ago, bytes } from "./figures";

test("bytes are told in the largest unit that fits", () => {
  expect(bytes(0, "en-GB")).toBe("0 byte");
  expect(bytes(999, "en-GB")).toBe("999 byte");
  expect(bytes(1_500_000, "en-GB")).toBe("1.5 MB");
  expect(bytes(12_000_000_000_000_000, "en-GB")).toBe("12,000 TB");
});

test("a time that has gone is told in the largest unit that fits", () => {
  expect(ago(5, "en-GB")).toBe("5 seconds ago");
  expect(ago(3_599, "en-GB")).toBe("59 minutes ago");
  expect(ago(7_300, "en-GB")).toBe("2 hours ago");
  expect(ago(200_000, "en-GB")).toBe("2 days ago");
});
