/** Where the reader is in the conversation: the new question at the top, the way to the newest, keys between answers. */
import { type RefObject, useEffect, useEffectEvent, useReducer, useRef, useState } from "react";
import { isAway, isFollowing, move } from "./reading";

export type List = RefObject<HTMLOListElement | null>;

/** Brings the question of a new answer to the top of the view, once. */
export function useQuestionOnTop(list: List, newest: string | null): void {
  useEffect(() => {
    if (newest === null) return;
    turnOf(list, newest)?.scrollIntoView({ block: "start" });
  }, [list, newest]);
}

function turnOf(list: List, message: string): Element | null | undefined {
  return list.current?.querySelector(`[id="m-${CSS.escape(message)}"]`)?.closest(".turn");
}

/** Opens a conversation where it ends. */
export function useOpenedAtEnd(list: List, isHere: boolean, isSought: boolean): void {
  const open = useEffectEvent(() => {
    const turns = list.current?.children ?? [];
    if (!isSought && turns.length > 1) turns[turns.length - 1]?.scrollIntoView({ block: "start" });
  });
  useEffect(() => {
    if (!isHere) return undefined;
    const frame = requestAnimationFrame(() => open()); // after the heading has taken the focus
    return () => cancelAnimationFrame(frame);
  }, [isHere]);
}

/** Takes the element that stands right behind the text. */
export type End = (element: HTMLDivElement | null) => void;

export type Newest = Readonly<{ onEnd: End; isAway: boolean; toNewest: () => void }>;

/** Follows the end of the text while the reader wants to. */
export function useNewest(list: List, newest: string | null): Newest {
  const [end, onEnd] = useState<HTMLDivElement | null>(null);
  const [reading, made] = useReducer(move, "resting");
  const scroll = () => end?.scrollIntoView({ block: "end" });
  const onGrowth = useEffectEvent(() => isFollowing(reading) && scroll());
  const toNewest = () => {
    made("sent-to-end");
    scroll();
  };

  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each answer that is begun is a new question
  useEffect(() => made("asked"), [newest]);
  useEffect(() => {
    if (end === null || list.current === null) return undefined;
    const watch = new IntersectionObserver(
      (seen) => {
        const last = seen.at(-1);
        if (last?.target.isConnected) made(isBelow(last) ? "end-left" : "end-seen");
      },
      { rootMargin: "0px 0px -160px 0px" },
    );
    const growth = new ResizeObserver(() => onGrowth());
    watch.observe(end);
    growth.observe(list.current);
    return () => {
      watch.disconnect();
      growth.disconnect();
    };
  }, [list, end]);
  useEffect(() => {
    let before = window.scrollY;
    const onScroll = () => {
      if (window.scrollY < before - 1) made("scrolled-up");
      if (window.scrollY > before + 1) made("scrolled-down");
      before = window.scrollY;
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);
  return { onEnd, isAway: isAway(reading), toNewest };
}

function isBelow({ isIntersecting, boundingClientRect, rootBounds }: IntersectionObserverEntry): boolean {
  return !isIntersecting && boundingClientRect.top > (rootBounds?.bottom ?? window.innerHeight) - 1;
}

/** Alt with an arrow moves the focus to the previous or next answer. */
export function useAnswerKeys(list: List): void {
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

/** Escape stops the answer, but for where it closes what lies over or beside it. */
export function useEscape(isWriting: boolean, stop: () => void): void {
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isWriting) return;
    const inside = event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"], .panel');
    if (inside === null || inside === false) stop();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onEscape(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** When an answer has ended, the focus goes to where the next question is written, if it is nowhere else. */
export function useFocusAfter(isWriting: boolean, settle: () => void): void {
  const wasWriting = useRef(false);
  const onEnd = useEffectEvent(settle);
  useEffect(() => {
    if (wasWriting.current && !isWriting && document.activeElement === document.body) onEnd();
    wasWriting.current = isWriting;
  }, [isWriting]);
}
