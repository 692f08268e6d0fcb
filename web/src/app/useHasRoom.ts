/** Whether the history fits beside a conversation. */
import { useMedia } from "~/ui/useMedia";

export function useHasRoom(): boolean {
  return useMedia("(min-width: 72rem)");
}
