/** How much was used, and what is left of the limits now. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import type { paths } from "./schema.gen";

export type Usage = paths["/api/usage"]["get"]["responses"][200]["content"]["application/json"];
export type Figures = Usage["items"][number];
export type Limits = paths["/api/limits"]["get"]["responses"][200]["content"]["application/json"];
export type Allowance = Limits["organisation"];

const LOOKED_AT_EVERY = 5000;

/** Days such as 2026-11-22, in UTC; both ends are in it. */
export type Days = Readonly<{ from: string; to: string }>;

export function usageQuery(api: Api, organisation: string, days: Days) {
  return queryOptions({
    queryKey: [organisation, "usage", days],
    queryFn: ({ signal }) => settle(api.GET("/api/usage", { params: { query: days }, signal })),
    staleTime: 10_000,
  });
}

export function limitsQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "limits"],
    queryFn: ({ signal }) => settle(api.GET("/api/limits", { signal })),
    refetchInterval: LOOKED_AT_EVERY,
  });
}
