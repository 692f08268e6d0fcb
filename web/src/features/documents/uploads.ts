/** Files on their way into a collection: what is known of each, and what can happen to it. */
import type { Refusal } from "~/api/upload";

export type Stage =
  | { at: "waiting" }
  | { at: "sending"; sent: number }
  | { at: "taken"; document: string; isKnown: boolean }
  | { at: "refused"; refusal: Refusal };

export type Upload = Readonly<{ id: number; file: File; stage: Stage }>;

export type Event =
  | { kind: "added"; files: readonly File[]; firstId: number }
  | { kind: "moved"; id: number; stage: Stage }
  | { kind: "removed"; id: number };

/** A file that was taken out is told of no more: whatever comes late about it changes nothing. */
export function advance(uploads: readonly Upload[], event: Event): readonly Upload[] {
  switch (event.kind) {
    case "added":
      return [...uploads, ...event.files.map((file, at): Upload => ({ id: event.firstId + at, file, stage: { at: "waiting" } }))];
    case "moved":
      return uploads.map((upload) => (upload.id === event.id ? { ...upload, stage: event.stage } : upload));
    case "removed":
      return uploads.filter(({ id }) => id !== event.id);
  }
}

/** The one to send now: one after the other, in the order in which they were chosen. */
export function next(uploads: readonly Upload[]): Upload | null {
  if (uploads.some(({ stage }) => stage.at === "sending")) return null;
  return uploads.find(({ stage }) => stage.at === "waiting") ?? null;
}

/** What shows before anything is sent; null where the gateway must look. */
export function refusedHere(file: File, largest: number | null): string | null {
  if (file.size === 0) return "empty";
  return largest !== null && file.size > largest ? "too_large" : null;
}
