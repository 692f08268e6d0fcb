/** Whether the screen is such as a media query says. */
import { useSyncExternalStore } from "react";

/** A window as wide as a phone. */
export const PHONE = "(max-width: 40rem)";

export function useMedia(query: string): boolean {
  const subscribe = (changed: () => void) => {
    const media = window.matchMedia(query);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  };
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
