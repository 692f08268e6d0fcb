/** Many small pieces, one update a frame. */
import type { AnswerEvent } from "./events";

/** Runs `work` later, and answers with how to call that off. */
export type Schedule = (work: () => void) => () => void;

/**
 * Joins neighbouring deltas until `schedule` says it is time; every other event goes out at once, after what waited.
 */
export function coalesce(send: (event: AnswerEvent) => void, schedule: Schedule): (event: AnswerEvent) => void {
  let held = "";
  let callOff: (() => void) | null = null;
  const flush = () => {
    callOff?.();
    callOff = null;
    if (held !== "") send({ type: "delta", text: held });
    held = "";
  };
  return (event) => {
    if (event.type !== "delta") {
      flush();
      send(event);
      return;
    }
    held += event.text;
    callOff ??= schedule(flush);
  };
}

/** With every second painted frame, which the eye takes for every one; a hidden tab paints none, so a timer stands in. */
export function nextFrame(work: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(work, 250);
    return () => clearTimeout(timer);
  }
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(work);
  });
  return () => cancelAnimationFrame(frame);
}
