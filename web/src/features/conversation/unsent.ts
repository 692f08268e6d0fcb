/** What is typed and not yet kept on the server, for this tab and this person: gone as soon as it is, and at logout. */
import { fromJson, isRecord, text } from "~/api/decode";

const KEY = "valv.unsent";

/** What `owner` typed in `place` and the server doesn't have; another person's in the same tab is never shown. */
export function readUnsent(storage: Storage, owner: string, place: string): string | null {
  const kept = readAll(storage);
  return kept["owner"] === owner ? text(kept[`in ${place}`]) : null;
}

export function keepUnsent(storage: Storage, owner: string, place: string, typed: string): void {
  const before = readAll(storage);
  const mine = before["owner"] === owner ? before : { owner };
  storage.setItem(KEY, JSON.stringify({ ...mine, [`in ${place}`]: typed }));
}

export function forgetUnsent(storage: Storage, place: string): void {
  const { [`in ${place}`]: _, ...rest } = readAll(storage);
  if (Object.keys(rest).length <= 1) storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify(rest));
}

function readAll(storage: Storage): Record<string, unknown> {
  const kept = fromJson(storage.getItem(KEY) ?? "");
  return isRecord(kept) ? kept : {};
}
