/** Holds what is followed beside React, so that a frame of text draws the one answer that it belongs to, and nothing else. */
import { useSyncExternalStore } from "react";
import { type Live, type LiveChange, changeLive } from "./live";

export type LiveStore = Readonly<{
  get: () => Live | null;
  make: (made: LiveChange) => void;
  subscribe: (changed: () => void) => () => void;
}>;

export function openLiveStore(): LiveStore {
  let live: Live | null = null;
  const listening = new Set<() => void>();
  return {
    get: () => live,
    make: (made) => {
      const next = changeLive(live, made);
      if (next === live) return;
      live = next;
      listening.forEach((tell) => tell());
    },
    subscribe: (changed) => {
      listening.add(changed);
      return () => listening.delete(changed);
    },
  };
}

/** What is read off it; drawn anew only when that has changed. */
export function useLiveValue<Value>(store: LiveStore, read: (live: Live | null) => Value): Value {
  return useSyncExternalStore(store.subscribe, () => read(store.get()));
}
