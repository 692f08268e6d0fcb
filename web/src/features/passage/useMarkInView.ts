/** Brings the marked passage into view inside its own box, without moving the page around it. */
import { type RefObject, useLayoutEffect, useRef } from "react";

export function useMarkInView(passage: string | undefined): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const sheet = box.current;
    const mark = sheet?.querySelector("mark");
    if (sheet === null || sheet === undefined) return;
    sheet.scrollTop = mark === null || mark === undefined ? 0 : mark.offsetTop - sheet.clientHeight / 4;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another passage means another mark to show
  }, [passage]);
  return box;
}
