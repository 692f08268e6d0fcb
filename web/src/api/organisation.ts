/** What the organisation tells its people, and how long its things are kept. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import type { Banner } from "./shapes";

export function retentionQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "retention"],
    queryFn: ({ signal }) => settle(api.GET("/api/retention", { signal })),
  });
}

export function showBanner(api: Api, banner: Banner) {
  return settle(api.PUT("/api/banner", { body: banner }));
}
