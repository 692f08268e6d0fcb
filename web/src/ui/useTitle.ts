/** The browser's title for a page. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Valv`;
  }, [title]);
}
