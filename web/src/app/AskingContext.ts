/** What is being asked, for the pages: it lives above them, so that moving between them loses nothing. */
import { createContext, use } from "react";
import type { Asking } from "~/features/conversation/useAsking";

export const AskingContext = createContext<Asking | null>(null);

export function useSharedAsking(): Asking {
  const asking = use(AskingContext);
  if (asking === null) throw new Error("useSharedAsking outside AskingContext");
  return asking;
}
