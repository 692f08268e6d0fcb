/** What is looked for in the log, as the page's address says it. */
import type { Filter, Place } from "~/api/audit";
import { number, text } from "~/api/decode";

export const SPANS = { "15m": 900, "1h": 3600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000 } as const;

export type Span = keyof typeof SPANS;

/** `from` is a span back from now, or a time; `to` a time. */
export type AuditSearch = Readonly<{
  from?: string;
  to?: string;
  q?: string;
  actor?: string;
  action?: string;
  outcome?: string;
  model?: string;
  cursor?: number;
  after?: number;
}>;

/** A link is to where one is only if it is to just that search. */
export const EXACT = { exact: true } as const;

export type FilterName = "q" | "actor" | "action" | "outcome" | "model";

export const FILTERS: readonly FilterName[] = ["q", "action", "actor", "outcome", "model"];

const LONGEST = 200;

/** Whatever the address holds becomes a search; what makes no sense is left out (the router itself would keep it). */
export function readSearch(given: Record<string, unknown>): AuditSearch {
  const named = Object.fromEntries(FILTERS.flatMap((name) => entry(name, word(given[name]))));
  return {
    ...named,
    ...Object.fromEntries([
      ...entry("from", moment(given["from"]) ?? span(given["from"])),
      ...entry("to", moment(given["to"])),
      ...entry("cursor", place(given["cursor"])),
      ...entry("after", place(given["after"])),
    ]),
  };
}

export function isSpan(value: string | undefined): value is Span {
  return value !== undefined && Object.hasOwn(SPANS, value);
}

/** The search as the gateway takes it; `now` in milliseconds. */
export function filterOf(search: AuditSearch, now: number): Filter {
  const since = isSpan(search.from) ? new Date(now - SPANS[search.from] * 1000).toISOString() : search.from;
  return Object.fromEntries([
    ...entry("since", since),
    ...entry("to", search.to),
    ...entry("type", search.action),
    ...entry("actor", search.actor),
    ...entry("status", search.outcome),
    ...entry("model", search.model),
    ...sought(search.q),
  ]);
}

export function placeOf({ cursor, after }: AuditSearch): Place {
  if (cursor !== undefined) return { cursor };
  return after === undefined ? {} : { after };
}

/** What was asked of the gateway, as an address says it. */
export function searchOf(asked: Readonly<Record<string, string>>): AuditSearch {
  const { since, to, type, actor, status, model, call, doc } = asked;
  return readSearch({ from: since, to, action: type, actor, outcome: status, model, q: call ?? doc });
}

/** What a person may look for, by its shape. */
export type Sought = { at: "call" | "actor" | "doc"; value: string } | { at: "record"; seq: number } | { at: "nothing" };

/** A call's id as errors have it, or behind the kind of an answer of `/v1`. */
const CALL = /^(?:(?:chat)?cmpl-)?([0-9A-HJKMNP-TV-Z]{26})$/iu;

export function read(q: string): Sought {
  const asked = q.trim();
  if (/^\d{1,15}$/u.test(asked)) return { at: "record", seq: Number(asked) };
  const call = CALL.exec(asked)?.[1];
  if (call !== undefined) return { at: "call", value: call.toUpperCase() };
  if (/^p_[0-9a-zA-Z_-]{4,64}$/u.test(asked)) return { at: "actor", value: asked };
  if (/^[0-9a-f]{24}$/u.test(asked)) return { at: "doc", value: asked };
  return { at: "nothing" };
}

/** The search without its place in the log, for whatever changes what is found. */
export function anew(search: AuditSearch, change: Partial<Record<keyof AuditSearch, string | undefined>>): AuditSearch {
  const { cursor: _cursor, after: _after, ...rest } = search;
  return readSearch({ ...rest, ...change });
}

function sought(q: string | undefined): [string, string][] {
  const found = read(q ?? "");
  return found.at === "record" || found.at === "nothing" ? [] : [[found.at, found.value]];
}

function entry<Value>(name: string, value: Value | null | undefined): [string, Value][] {
  return value === undefined || value === null ? [] : [[name, value]];
}

/** The router reads a number where there are only digits. */
function word(value: unknown): string | null {
  const said = (text(value) ?? number(value)?.toString() ?? "").trim();
  return said === "" || said.length > LONGEST ? null : said;
}

function span(value: unknown): Span | null {
  const said = text(value) ?? undefined;
  return isSpan(said) ? said : null;
}

function moment(value: unknown): string | null {
  const said = text(value) ?? "";
  return /^\d{4}-\d{2}-\d{2}T/u.test(said) && !Number.isNaN(Date.parse(said)) ? said : null;
}

function place(value: unknown): number | null {
  const read = number(value);
  return read !== null && Number.isSafeInteger(read) && read >= 0 ? read : null;
}
