/** Where the focus goes when what lay over the page is closed, where the dialog itself can't know it. */
import { useEffect, useRef } from "react";

/** Call what is returned with the element before closing. */
export function useReturn(isClosed: boolean): (to: HTMLElement | null) => void {
  const wanted = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (!isClosed) return;
    const to = wanted.current;
    wanted.current = null;
    // the dialog gives the focus back in the frame after this one, to an element that may be gone
    requestAnimationFrame(() => requestAnimationFrame(() => to?.focus()));
  }, [isClosed]);
  return (to) => {
    wanted.current = to;
  };
}
