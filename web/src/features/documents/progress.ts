/** How far documents have come, and when it is worth looking again. */
import type { DocumentItem } from "~/api/shapes";

export type Progress = "queued" | "parsing" | "embedding" | "ready" | "failed";

export function progressOf({ state, stage }: Pick<DocumentItem, "state" | "stage">): Progress {
  if (state === "ready" || state === "failed") return state;
  return stage === "parsing" || stage === "embedding" ? stage : "queued";
}

export function isOnItsWay(document: Pick<DocumentItem, "state" | "stage">): boolean {
  return !["ready", "failed"].includes(progressOf(document));
}

/** Milliseconds until the next look: often at first, for most files take seconds; false when all have arrived. */
export function untilNext(documents: readonly DocumentItem[], now: number): number | false {
  const ages = documents.filter(isOnItsWay).map(({ created }) => Math.abs(now - Date.parse(created)));
  if (ages.length === 0) return false;
  const youngest = Math.min(...ages);
  if (youngest < 20_000) return 1000;
  return youngest < 120_000 ? 3000 : 10_000;
}

/** Documents that have arrived since they were last looked at. */
export function arrivedSince(before: readonly DocumentItem[], now: readonly DocumentItem[]): readonly DocumentItem[] {
  const waited = new Set(before.filter(isOnItsWay).map(({ id }) => id));
  return now.filter((document) => waited.has(document.id) && !isOnItsWay(document));
}
