import { expect, test } from "vitest";
import type { ApiKey } from "~/api/keys";
import type { Figures } from "~/api/usage";
import { LAYERS, chartOf, roundUp } from "./chart";
import { csv } from "./csv";
import { daysBetween, lastDays, within } from "./days";
import { stateOf } from "./keys";
import { readErrors, readStart, readUsage } from "./search";
import { WAYS, snippet, usable } from "./snippets";
import { NOTHING, type Over, next } from "./window";
import { FIRST, missing, toggled, wishOf } from "./wish";

const NOON = Date.parse("2026-03-01T12:00:00Z");

const KEY: ApiKey = {
  key: "Ab12cd34",
  name: "ärendeportalen",
  scopes: ["chat:ask", "document:read"],
  models: [],
  created_at: 1000,
  expires_at: 2_000_000,
  used_at: null,
  revoked_at: null,
};

function figures(key: string | null, day: string, calls: number): Figures {
  const none = { ok: calls, failed: 0, blocked: 0, client_aborted: 0 };
  return { key, day, model: "skrivare", calls, ...none, tokens_in: calls * 10, tokens_out: calls };
}

test("what an address holds that is no value of ours is as if it weren't there", () => {
  expect(readStart({ modell: "citat", kod: "python", annat: 1 })).toEqual({ modell: "citat", kod: "python" });
  expect(readStart({ modell: 7, kod: "cobol" })).toEqual({});
  expect(readUsage({ fran: "2026-02-01", till: "2026-02-28", matt: "token", tabell: true })).toEqual({
    fran: "2026-02-01",
    till: "2026-02-28",
    matt: "token",
    tabell: true,
  });
  expect(readUsage({ fran: "2026-02-30", till: "2026-03-01" })).toEqual({});
  expect(readUsage({ fran: "2026-03-02", till: "2026-03-01", tabell: "ja" })).toEqual({});
  expect(readErrors({ q: 429 })).toEqual({ q: "429" });
});

test("what an address holds wrongly is named, for the router keeps what isn't", () => {
  expect(Object.keys(readStart({ kod: "cobol" }))).toContain("kod");
  expect(Object.keys(readUsage({ fran: "i går", till: "i dag" }))).toEqual(expect.arrayContaining(["fran", "till"]));
});

test("days are counted with both ends, over months and leap days", () => {
  expect(lastDays(2, NOON)).toEqual({ from: "2026-02-28", to: "2026-03-01" });
  expect(daysBetween({ from: "2028-02-28", to: "2028-03-01" })).toEqual(["2028-02-28", "2028-02-29", "2028-03-01"]);
  expect(within({ from: "2020-01-01", to: "2026-03-01" })).toEqual({ from: "2025-03-01", to: "2026-03-01" });
});

test("a bar stands on the one below it, and the tallest fits under the top", () => {
  const days = ["2026-03-01", "2026-03-02"];
  const chart = chartOf(days, [figures("a", days[0] ?? "", 3), figures(null, days[0] ?? "", 4), figures("a", days[1] ?? "", 9)], "anrop");
  expect(chart.layers.map(({ key, total }) => [key, total])).toEqual([["a", 12], [null, 4]]);
  expect(chart.layers.map(({ tops }) => tops)).toEqual([[3, 9], [7, 9]]);
  expect(chart.totals).toEqual([7, 9]);
  expect(chart.top).toBe(10);
  expect(chartOf(days, [figures("a", days[0] ?? "", 3)], "token").totals).toEqual([33, 0]);
});

test("keys beyond the fifth are one layer, and nothing is left out", () => {
  const items = Array.from({ length: LAYERS + 3 }, (_, place) => figures(`k${place}`, "2026-03-01", place + 1));
  const { layers, totals } = chartOf(["2026-03-01"], items, "anrop");
  expect(layers).toHaveLength(LAYERS + 1);
  expect(layers.at(-1)).toMatchObject({ key: "rest", total: 1 + 2 + 3 });
  expect(totals).toEqual([36]);
  expect([0, 4, 5, 11, 41, 100, 101].map(roundUp)).toEqual([4, 4, 5, 20, 50, 100, 200]);
});

test("no cell of a spreadsheet becomes a formula, and every cell stays one cell", () => {
  const names = ["=1+1", "+46", "-2", "@x", "\tx", 'sa "hej"; då', "a,b", "två\nrader"];
  expect(csv([names, [1, null, -2]], ";")).toBe(
    `\uFEFF'=1+1;'+46;'-2;'@x;'\tx;"sa ""hej""; då";a,b;"två\nrader"\r\n1;;-2\r\n`,
  );
  expect(csv([["a,b", "a;b"]], ",")).toBe('\uFEFF"a,b",a;b\r\n');
});

test("a key is in force until it is revoked or has expired, and warns two weeks before", () => {
  expect(stateOf(KEY, 1000)).toBe("live");
  expect(stateOf(KEY, 2_000_000 - 14 * 86_400)).toBe("ending");
  expect(stateOf(KEY, 2_000_000)).toBe("expired");
  expect(stateOf({ ...KEY, revoked_at: 5 }, 1000)).toBe("revoked");
});

test("a secret stays in sight until it is saved", () => {
  const made = { key: KEY, secret: "valv_x" };
  const shown = next(next(NOTHING, { does: "create" }), { does: "show", made });
  expect(next(shown, { does: "close" })).toBe(shown);
  expect(next(shown, { does: "create" })).toBe(shown);
  expect(next(shown, { does: "revoke", key: KEY })).toBe(shown);
  const saved = next(shown, { does: "save", isSaved: true });
  expect(next(saved, { does: "close" })).toEqual<Over>({ at: "nothing" });
});

test("a new key says what it lacks, and asks for no model where all are let", () => {
  expect(missing(FIRST)).toBe("name");
  expect(missing({ ...FIRST, name: " x ", scopes: [] })).toBe("scopes");
  expect(missing({ ...FIRST, name: "x", letsAll: false })).toBe("models");
  const draft = { ...FIRST, name: " x ", models: ["citat"] };
  expect(missing(draft)).toBeNull();
  expect(wishOf(draft)).toEqual({ name: "x", scopes: FIRST.scopes, models: [], days: 90 });
  expect(wishOf({ ...draft, letsAll: false }).models).toEqual(["citat"]);
  expect(toggled(toggled(["a"], "b"), "a")).toEqual(["b"]);
});

test("no snippet holds a key, each holds the address and the model", () => {
  for (const kind of ["chat", "extractive", "embedding"]) {
    for (const way of WAYS) {
      const { code } = snippet(way, "https://valv.example/v1", { name: "citat", kind }, "hej");
      expect(code).toContain("https://valv.example/v1");
      expect(code).toContain('"citat"');
      expect(code).toContain("VALV_API_KEY");
      expect(code).not.toMatch(/valv_[0-9A-Za-z]{8}/u);
    }
  }
});

test("a first call is offered to models that may be used, those that write first", () => {
  const card = { title: "", description: "", languages: [], context_length: null, ceiling: "open", digest: null };
  const rest = { ...card, default: false, up: true, prefixes: {} };
  const cards = [
    { ...rest, name: "v", kind: "embedding", fits: true, paths: ["/v1/embeddings"] },
    { ...rest, name: "c", kind: "extractive", fits: true, paths: ["/v1/chat/completions"] },
    { ...rest, name: "low", kind: "chat", fits: false, paths: ["/v1/chat/completions"] },
    { ...rest, name: "s", kind: "chat", fits: true, paths: ["/v1/chat/completions"] },
    { ...rest, name: "r", kind: "rerank", fits: true, paths: [] },
  ];
  expect(usable(cards).map(({ name }) => name)).toEqual(["s", "c", "v"]);
});
