/** How a place is looked at before one has chosen. */
import { PHONE, useMedia } from "~/ui/useMedia";
import type { View } from "./place";

/** As it looks on paper; on a phone, where a whole page is too small to read, as text. */
export function useFirstView(): View {
  return useMedia(PHONE) ? "text" : "picture";
}
