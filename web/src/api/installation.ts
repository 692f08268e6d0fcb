/** How the installation is, for who keeps it running. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";

export const installationKey = ["", "installation"] as const;

export function installationQuery(api: Api, language: string) {
  return queryOptions({
    queryKey: [...installationKey, "parts", language],
    queryFn: ({ signal }) => settle(api.GET("/api/installation", { signal })),
  });
}

export function ledgerQuery(api: Api) {
  return queryOptions({
    queryKey: [...installationKey, "ledger"],
    queryFn: ({ signal }) => settle(api.GET("/api/installation/ledger", { signal })),
  });
}

export function organisationsQuery(api: Api) {
  return queryOptions({
    queryKey: [...installationKey, "organisations"],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/installation/organisations", { signal }))).items,
  });
}
