/** The models, the collections and the pages that the gateway offers this organisation. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";

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
    queryFn: async ({ signal }) => (await settle(api.GET("/api/collections", { signal }))).items,
    staleTime: 60_000,
  });
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

export function fileAddress(document: string): string {
  return `/api/documents/${encodeURIComponent(document)}/file`;
}
