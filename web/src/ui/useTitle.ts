/** The browser's title for a page. */
import { useEffect } from "react";

// Where a long word may be broken in a heading; a title is one line.
const SOFT_HYPHEN = /\u00AD/gu;

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title.replace(SOFT_HYPHEN, "")} – Valv`;
  }, [title]);
}
