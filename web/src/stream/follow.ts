/** Follows an answer to its end, whatever happens to the line: nothing is lost, and nothing comes twice. */
import { isAbort } from "~/api/client";
import { problemOf } from "~/api/problem";
import type { AnswerEvent } from "./events";
import { isEnd, readEvents } from "./read";

export type Line = "open" | "lost";

export type Way = Readonly<{
  /** Opens the events behind a place. */
  open: (after: string) => Promise<ReadableStream<Uint8Array>>;
  send: (event: AnswerEvent) => void;
  onLine: (line: Line) => void;
  /** Resolves after so many milliseconds, or as soon as there is reason to believe that the line is back. */
  wait: (time: number) => Promise<void>;
  signal: AbortSignal;
}>;

const SILENCE = 40_000; // the gateway breathes every 15 seconds
const PASSING = new Set([0, 429, 502, 503, 504]);

/** Follows from `after` on; throws ProblemError for what trying again can't mend. */
export async function follow(after: string, way: Way): Promise<void> {
  const reader = { place: after, isOver: false, failures: 0 };
  while (!way.signal.aborted) {
    await readOn(reader, way).catch((fault: unknown) => {
      if (!isPassing(fault) && !way.signal.aborted) throw fault;
    });
    if (reader.isOver || way.signal.aborted) return;
    way.onLine("lost");
    await way.wait(pause(reader.failures));
    reader.failures += 1;
  }
}

type Reader = { place: string; isOver: boolean; failures: number };

/** Reads as far as the line holds. */
async function readOn(reader: Reader, way: Way): Promise<void> {
  for await (const { event, place } of readEvents(await way.open(reader.place), SILENCE)) {
    reader.failures = 0;
    reader.place = place ?? reader.place;
    way.onLine("open");
    way.send(event);
    reader.isOver = isEnd(event);
  }
}

function isPassing(fault: unknown): boolean {
  return !isAbort(fault) && PASSING.has(problemOf(fault).status);
}

/** Half a second at first, then twice as long each time, a quarter of a minute at most. */
export function pause(failures: number): number {
  return Math.min(500 * 2 ** failures, 15_000);
}
