/** Brings the marked passage into view inside its own box, without moving the page around it. */
import { type RefObject, useLayoutEffect, useRef } from "react";

/** `mark` selects what marks it; whenever `shown` is another, it is looked for anew. */
export function useMarkInView(mark: string, shown: unknown): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const sheet = box.current;
    if (sheet === null) return;
    const found = sheet.querySelector(mark)?.getBoundingClientRect();
    const from = sheet.getBoundingClientRect();
    sheet.scrollTop += found === undefined ? -sheet.scrollTop : found.top - from.top - sheet.clientHeight / 4;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another passage means another mark to show
  }, [mark, shown]);
  return box;
}
