import { expect, test } from "vitest";
import { covered, personalNumbers } from "./personal";

// test numbers that the Swedish Tax Agency hands out: they belong to nobody
test.each([
  "19811218-9876",
  "198112189876",
  "811218-9876",
  "8112189876",
  "811218+9876",
  "811218 9876",
  "19811278-9873", // samordningsnummer: the day plus 60
])("%s is found", (number) => {
  const text = `Hen har nummer ${number}, säger hen.`;
  const [found] = personalNumbers(text);
  expect(text.slice(found?.start, found?.end)).toBe(number);
});

test.each([
  "811218-9875", // wrong check digit
  "811318-9876", // no such month
  "811200-9876", // no such day
  "811299-9876", // a day that not even a samordningsnummer has
  "1234567890",
  "98119811218987600", // a part of a longer number
  "KS 2024/01234",
  "2026-11-25",
  "070-123 45 67",
])("%s is left alone", (text) => {
  expect(personalNumbers(text)).toEqual([]);
});

test("each one is covered, and all else stays", () => {
  expect(covered("A 811218-9876 och 19811218-9876.", "[personnummer]")).toBe("A [personnummer] och [personnummer].");
  expect(covered("Inget här.", "[personnummer]")).toBe("Inget här.");
  expect(covered("", "[personnummer]")).toBe("");
});

test("ten thousand digits are looked through at once", () => {
  const started = performance.now();
  personalNumbers("8".repeat(10_000));
  expect(performance.now() - started).toBeLessThan(200);
});
