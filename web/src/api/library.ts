/** The models, the collections and the pages that the gateway offers this organisation. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";

/** A 1-based page, and a passage on it in code points; a passage that ends where it starts is none. */
export type PlaceOnPage = Readonly<{ document: string; page: number; start: number; end: number }>;

const RARELY_CHANGED = 5 * 60_000;

/** The models in words of the language chosen. */
export function modelsQuery(api: Api, organisation: string, language: string) {
  return queryOptions({
    queryKey: [organisation, "models", language],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/models", { signal }))).items,
    staleTime: RARELY_CHANGED,
  });
}

export function collectionsQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "collections"],
    queryFn: ({ signal }) => settle(api.GET("/api/collections", { signal })),
    staleTime: 60_000,
    select: (answer) => answer.items,
  });
}

/** The largest file that can be put into a collection, in bytes. */
export function largestFileQuery(api: Api, organisation: string) {
  return queryOptions({ ...collectionsQuery(api, organisation), select: (answer) => answer.largest });
}

/** One page of a document, 1-based. */
export function pageQuery(api: Api, organisation: string, document: string, page: number) {
  const params = { path: { document, page } };
  return queryOptions({
    queryKey: [organisation, "documents", document, "pages", page],
    queryFn: ({ signal }) =>
      settle(api.GET("/api/documents/{document}/pages/{page}", { params, signal })),
    staleTime: RARELY_CHANGED,
  });
}

/** Where the text of a page stands on its picture, and where a passage of it does. */
export function layoutQuery(api: Api, organisation: string, place: PlaceOnPage) {
  const { document, page, start, end } = place;
  const params = { path: { document, page }, query: { start, end } };
  return queryOptions({
    queryKey: [organisation, "documents", document, "pages", page, "layout", start, end],
    queryFn: ({ signal }) => settle(api.GET("/api/documents/{document}/pages/{page}/layout", { params, signal })),
    staleTime: RARELY_CHANGED,
  });
}

/** The picture of a page of a PDF. */
export function pictureAddress(document: string, page: number): string {
  return `/api/documents/${encodeURIComponent(document)}/pages/${page}/image`;
}

export function fileAddress(document: string): string {
  return `/api/documents/${encodeURIComponent(document)}/file`;
}
