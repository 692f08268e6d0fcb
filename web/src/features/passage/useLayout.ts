/** Where a page's text stands on its picture, from the query cache. */
import { useQuery } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { layoutQuery } from "~/api/library";
import type { DocumentPage } from "~/api/shapes";
import type { Cut } from "~/text/points";

export type Range = Readonly<{ start: number; end: number }>;

/** The range of a passage in code points; an empty one for none. */
export function rangeOf(cut: Cut | null): Range {
  if (cut === null) return { start: 0, end: 0 };
  const start = Array.from(cut.before).length;
  return { start, end: start + Array.from(cut.marked).length };
}

export function useLayout({ document, page }: DocumentPage, { start, end }: Range) {
  const { api, organisation } = useApi();
  return useQuery(layoutQuery(api, organisation, { document, page, start, end }));
}
