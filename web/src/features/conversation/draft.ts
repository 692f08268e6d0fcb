/** What is typed and not yet sent: kept for this tab and this person, gone at logout. */
import { fromJson, isRecord, text } from "~/api/decode";

const KEY = "valv.draft";

/** The draft of `owner`; another person's draft in the same tab is never shown. */
export function readDraft(storage: Storage, owner: string): string {
  const kept = fromJson(storage.getItem(KEY) ?? "");
  return isRecord(kept) && kept["owner"] === owner ? (text(kept["text"]) ?? "") : "";
}

export function keepDraft(storage: Storage, owner: string, draft: string): void {
  if (draft === "") storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify({ owner, text: draft }));
}

/** The first blank of a starter task, such as [ämne], for the reader to fill in; the end where there is none. */
export function firstBlank(task: string): [start: number, end: number] {
  const blank = /\[[^\]]+\]/u.exec(task);
  return blank === null ? [task.length, task.length] : [blank.index, blank.index + blank[0].length];
}
