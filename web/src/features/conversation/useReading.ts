/** Where the reader is in the conversation: the new question at the top, and keys from answer to answer. */
import { type RefObject, useEffect } from "react";

/** Brings a new question to the top of the view, once; what follows grows below it and never scrolls. */
export function useQuestionOnTop(list: RefObject<HTMLOListElement | null>, turns: number): void {
  useEffect(() => {
    if (turns === 0) return;
    list.current?.lastElementChild?.scrollIntoView({ block: "start" });
  }, [list, turns]);
}

/** Alt with an arrow moves the focus to the previous or next answer. */
export function useAnswerKeys(list: RefObject<HTMLOListElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
      const headings = [...(list.current?.querySelectorAll<HTMLElement>(".answer-heading") ?? [])];
      const next = neighbour(headings, document.activeElement, event.key === "ArrowUp" ? -1 : 1);
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [list]);
}

function neighbour(headings: readonly HTMLElement[], focused: Element | null, step: -1 | 1): HTMLElement | undefined {
  const here = headings.findIndex((heading) => heading.closest(".answer")?.contains(focused));
  if (here < 0) return headings.at(-1);
  return headings[here + step];
}
