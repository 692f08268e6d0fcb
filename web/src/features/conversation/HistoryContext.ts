/** What is searched for in the history: it lasts while one goes from hit to hit, and never stands in an address. */
import { createContext, use } from "react";

export type Sought = Readonly<{ words: string; seek: (words: string) => void }>;

export const HistoryContext = createContext<Sought | null>(null);

export function useSought(): Sought {
  const sought = use(HistoryContext);
  if (sought === null) throw new Error("useSought outside HistoryContext");
  return sought;
}
