/** What to do about a file that was not taken in. */
import type { Problem } from "~/api/problem";
import type { Refusal } from "~/api/upload";

const REASONS = [
  "empty",
  "encrypted",
  "not_a_pdf",
  "no_text",
  "parser_failed",
  "timed_out",
  "too_large",
  "too_many_pages",
  "unsupported",
] as const;

const BY_SLUG = { bad_name: "bad_name", audit_unavailable: "record", unreachable: "unreachable", body_too_large: "too_large" } as const;

const BY_STATUS = { 401: "logged_out", 403: "forbidden", 404: "gone", 413: "too_large", 429: "busy" } as const;

export type Fault =
  | (typeof REASONS)[number]
  | (typeof BY_SLUG)[keyof typeof BY_SLUG]
  | (typeof BY_STATUS)[keyof typeof BY_STATUS]
  | "other";

/** Why a document failed, in the words of the gateway; a reason of a later version is one of many. */
export function faultOf(reason: string | null): Fault {
  return REASONS.find((known) => known === reason) ?? "other";
}

/** The file's own fault where it has one, else what the gateway said. */
export function faultOfRefusal({ problem, reason }: Refusal): Fault {
  return reason === null ? faultOfProblem(problem) : faultOf(reason);
}

function faultOfProblem({ slug, status }: Problem): Fault {
  if (isOneOf(BY_SLUG, slug)) return BY_SLUG[slug];
  return isOneOf(BY_STATUS, status) ? BY_STATUS[status] : "other";
}

function isOneOf<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key);
}

const PASSING: ReadonlySet<Fault> = new Set<Fault>(["timed_out", "unreachable", "logged_out", "busy", "record", "other"]);

/** Whether the same file may be taken in another time. */
export function mayPass(fault: Fault): boolean {
  return PASSING.has(fault);
}
