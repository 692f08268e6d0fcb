/** Which row of a grid has the focus, and the keys that move it. */
import { type KeyboardEvent, useRef, useState } from "react";

const MOVES: Readonly<Record<string, (place: number, last: number) => number>> = {
  ArrowDown: (place) => place + 1,
  j: (place) => place + 1,
  ArrowUp: (place) => place - 1,
  k: (place) => place - 1,
  Home: () => 0,
  End: (_, last) => last,
};

export function useRows(count: number) {
  const grid = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(0);
  const last = count - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const place = Math.min(last, Math.max(0, move(Math.min(active, last), last)));
    grid.current?.querySelectorAll<HTMLElement>("tbody a")[place]?.focus();
  };
  return { grid, active: Math.min(active, last), setActive, onKeyDown };
}
