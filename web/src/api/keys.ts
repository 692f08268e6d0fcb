/** The organisation's API keys: listed without their secrets, made, ended. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import { ProblemError, readProblem, unreachable } from "./problem";
import type { paths } from "./schema.gen";

export type ApiKey = paths["/api/keys"]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type NewKey = paths["/api/keys"]["post"]["responses"][201]["content"]["application/json"];

/** What a new key is to be: no models means all of them, the later ones too. */
export type Wish = Readonly<{ name: string; scopes: readonly string[]; models: readonly string[]; days: number }>;

export function keysQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "keys"],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/keys", { signal }))).items,
  });
}

/** The new key with its secret, which this answer alone has. */
export function createKey(api: Api, wish: Wish): Promise<NewKey> {
  const body = { name: wish.name, scopes: [...wish.scopes], models: [...wish.models], days: wish.days };
  return settle(api.POST("/api/keys", { body }));
}

export async function revokeKey(api: Api, key: string): Promise<void> {
  const answer = await api.DELETE("/api/keys/{key}", { params: { path: { key } } }).catch(() => {
    throw new ProblemError(unreachable);
  });
  if (!answer.response.ok) throw new ProblemError(readProblem(answer.error, answer.response.status));
}
