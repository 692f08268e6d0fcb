import { expect, test } from "vitest";
import { anew, filterOf, placeOf, read, readSearch } from "./search";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const CALL = "01JDF0QXA5Z8N2M4K6T8V0W2Y4";

test("an address with everything in it is a filter and a place", () => {
  const search = readSearch({ from: "24h", actor: "p_1a2b", action: "call.", outcome: "ok", model: "citat", q: CALL, cursor: 41 });
  expect(filterOf(search, NOW)).toEqual({
    since: "2026-11-21T12:00:00.000Z", type: "call.", actor: "p_1a2b", status: "ok", model: "citat", call: CALL,
  });
  expect(placeOf(search)).toEqual({ cursor: 41 });
});

test("what makes no sense in an address is left out", () => {
  expect(readSearch({ from: "igår", to: "2026-99-99T00:00:00Z", cursor: -1, after: "x", actor: { a: 1 }, q: "  " })).toEqual({});
  expect(readSearch({ model: "x".repeat(201) })).toEqual({});
});

test("a filter that is changed leads to the first page", () => {
  const search = readSearch({ from: "1h", outcome: "ok", cursor: 7 });
  expect(anew(search, { outcome: undefined })).toEqual({ from: "1h" });
  expect(anew(search, { model: "citat" })).toEqual({ from: "1h", outcome: "ok", model: "citat" });
});

test.each([
  ["17", { at: "record", seq: 17 }],
  [CALL.toLowerCase(), { at: "call", value: CALL }],
  [`chatcmpl-${CALL}`, { at: "call", value: CALL }],
  [`cmpl-${CALL}`, { at: "call", value: CALL }],
  [`other-${CALL}`, { at: "nothing" }],
  ["p_0123456789abcdef", { at: "actor", value: "p_0123456789abcdef" }],
  ["0db2689daa6b01acdec3698d", { at: "doc", value: "0db2689daa6b01acdec3698d" }],
  ["Anna Andersson", { at: "nothing" }],
])("%s is looked for as what it looks like", (q, found) => {
  expect(read(q)).toEqual(found);
});
