/** What there is to build on: the models as programmes need them, and the errors that they may meet. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import type { paths } from "./schema.gen";

type Items<Path extends "/api/models/cards" | "/api/problems"> =
  paths[Path]["get"]["responses"][200]["content"]["application/json"]["items"];

export type ModelCard = Items<"/api/models/cards">[number];
export type KnownError = Items<"/api/problems">[number];

/** In words of the language chosen. */
export function cardsQuery(api: Api, organisation: string, language: string) {
  return queryOptions({
    queryKey: [organisation, "cards", language],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/models/cards", { signal }))).items,
    staleTime: 15_000, // a model can go down
  });
}

export function errorsQuery(api: Api, organisation: string, language: string) {
  return queryOptions({
    queryKey: [organisation, "errors", language],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/problems", { signal }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
