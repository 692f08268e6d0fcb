/** What the addresses of these pages hold; whatever is no value of ours is as if it weren't there. */
import { isRecord, text } from "~/api/decode";
import { WAYS, type Way } from "./snippets";

export type StartSearch = { modell?: string; kod?: Way };

export function readStart(search: unknown): StartSearch {
  const fields = isRecord(search) ? search : {};
  const model = text(fields["modell"]);
  const way = WAYS.find((one) => one === fields["kod"]);
  return { ...(model === null ? {} : { modell: model }), ...(way === undefined ? {} : { kod: way }) };
}

export const MEASURES = ["anrop", "token"] as const;
export type Measure = (typeof MEASURES)[number];

export type UsageSearch = { fran?: string; till?: string; matt?: Measure; tabell?: true | undefined };

/** Two days that are none together are as if none were there. */
export function readUsage(search: unknown): UsageSearch {
  const fields = isRecord(search) ? search : {};
  const [from, to] = [day(fields["fran"]), day(fields["till"])];
  const measure = MEASURES.find((one) => one === fields["matt"]);
  return {
    ...(from === null || to === null || from > to ? {} : { fran: from, till: to }),
    ...(measure === undefined ? {} : { matt: measure }),
    ...(fields["tabell"] === true ? { tabell: true } : {}),
  };
}

function day(value: unknown): string | null {
  const said = text(value);
  if (said === null || !/^\d{4}-\d{2}-\d{2}$/u.test(said)) return null;
  const date = new Date(`${said}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== said ? null : said;
}

export type ErrorsSearch = { q?: string };

export function readErrors(search: unknown): ErrorsSearch {
  const said = isRecord(search) ? search["q"] : null;
  const wanted = typeof said === "number" ? String(said) : text(said);
  return wanted === null || wanted === "" ? {} : { q: wanted };
}
