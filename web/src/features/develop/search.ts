/**
 * What the addresses of these pages hold; whatever is no value of ours is as if it weren't there. It is named all the
 * same, as undefined: the router keeps of an address whatever is not named here.
 */
import { isRecord, text } from "~/api/decode";
import { WAYS, type Way } from "./snippets";

export type StartSearch = { modell?: string | undefined; kod?: Way | undefined };

export function readStart(search: unknown): StartSearch {
  const fields = isRecord(search) ? search : {};
  return { modell: text(fields["modell"]) ?? undefined, kod: WAYS.find((one) => one === fields["kod"]) };
}

export const MEASURES = ["anrop", "token"] as const;
export type Measure = (typeof MEASURES)[number];

export type UsageSearch = {
  fran?: string | undefined;
  till?: string | undefined;
  matt?: Measure | undefined;
  tabell?: true | undefined;
};

/** Two days that are none together are as if none were there. */
export function readUsage(search: unknown): UsageSearch {
  const fields = isRecord(search) ? search : {};
  const [from, to] = [day(fields["fran"]), day(fields["till"])];
  const areDays = from !== null && to !== null && from <= to;
  return {
    fran: areDays ? from : undefined,
    till: areDays ? to : undefined,
    matt: MEASURES.find((one) => one === fields["matt"]),
    tabell: fields["tabell"] === true ? true : undefined,
  };
}

function day(value: unknown): string | null {
  const said = text(value);
  if (said === null || !/^\d{4}-\d{2}-\d{2}$/u.test(said)) return null;
  const date = new Date(`${said}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== said ? null : said;
}

export type ErrorsSearch = { q?: string | undefined };

export function readErrors(search: unknown): ErrorsSearch {
  const said = isRecord(search) ? search["q"] : null;
  const wanted = typeof said === "number" ? String(said) : text(said);
  return { q: wanted === null || wanted === "" ? undefined : wanted };
}
