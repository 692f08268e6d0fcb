/** A record as the page reads it: whatever a forged one holds, this reads without a fault. */
import { isRecord, number, text } from "~/api/decode";

export type Entry = Readonly<{
  seq: number;
  at: string | null;
  type: string;
  call: string | null;
  previous: string | null;
  actor: string | null;
  roles: readonly string[];
  operation: string | null;
  route: string | null;
  model: string | null;
  status: string | null;
  reason: string | null;
  address: string | null;
  documents: readonly string[];
  guard: readonly { kind: string; count: number }[];
  tokens: number | null;
  microseconds: number | null;
}>;

export type Field = Readonly<{ path: string; value: string }>;

type Tree = Readonly<Record<string, unknown>>;

export function readEntry(seq: number, record: Tree): Entry {
  const [actor, op, outcome] = [tree(record["actor"]), tree(record["op"]), tree(record["outcome"])];
  return {
    seq,
    at: text(record["ts"]),
    type: text(record["type"]) ?? "",
    call: text(record["call"]),
    previous: text(record["prev"]),
    actor: text(actor["pid"]),
    roles: list(actor["roles"]).flatMap((role) => text(role) ?? []),
    operation: text(op["name"]),
    route: text(op["route"]),
    model: text(op["model"]),
    status: text(outcome["status"]),
    reason: text(tree(record["detail"])["reason"]),
    address: text(tree(record["src"])["ip"]),
    documents: [...new Set(list(record["rag"]).flatMap((part) => text(tree(part)["doc"]) ?? []))],
    guard: list(record["guard"]).map(tree).flatMap(finding),
    tokens: number(outcome["tok_out"]),
    microseconds: number(outcome["dur_us"]),
  };
}

/** Every leaf of the record with its path, in the order of the record. */
export function fields(value: unknown, path = ""): Field[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((part, place) => fields(part, `${path}[${place}]`));
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([name, part]) => fields(part, path === "" ? name : `${path}.${name}`));
  }
  return [{ path, value: Array.isArray(value) ? "[]" : String(value) }];
}

function finding(found: Tree): { kind: string; count: number }[] {
  const kind = text(found["kind"]);
  return kind === null ? [] : [{ kind, count: number(found["count"]) ?? 0 }];
}

function tree(value: unknown): Tree {
  return isRecord(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
