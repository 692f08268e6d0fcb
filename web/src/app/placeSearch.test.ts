import { expect, test } from "vitest";
import { readPlace } from "./placeSearch";

test("an address names a page and a passage on it", () => {
  expect(readPlace({ sida: 3, fran: 120, till: 240 })).toEqual({ sida: 3, fran: 120, till: 240 });
});

test("an address may say how the page is looked at", () => {
  const place = { sida: 1, fran: 0, till: 0 };
  expect(readPlace({ vy: "bild" })).toEqual({ ...place, vy: "bild" });
  expect(readPlace({ vy: "text" })).toEqual({ ...place, vy: "text" });
  expect(readPlace({ vy: "annat" })).toEqual(place);
});

test("an address that makes no sense names the first page", () => {
  expect(readPlace({ sida: -1, fran: "x", till: 1.5 })).toEqual({ sida: 1, fran: 0, till: 0 });
  expect(readPlace({})).toEqual({ sida: 1, fran: 0, till: 0 });
});
