/** The audit log as the gateway hands it out: records, integrity, verifications and exports. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import type { paths } from "./schema.gen";

export type Filter = NonNullable<paths["/api/audit/exports"]["post"]["requestBody"]>["content"]["application/json"];

/** Where in the log a page of records is: below a number, above one, or at the newest end. */
export type Place = Readonly<{ cursor?: number; after?: number }>;

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type Records = Answer<"/api/audit/records">;
export type Summary = NonNullable<Records["summary"]>;
export type Bars = NonNullable<Summary["histogram"]>;
export type Proven = Answer<"/api/audit/records/{seq}">;
export type Integrity = Answer<"/api/audit/integrity">;
export type Verification = Answer<"/api/audit/verifications">["items"][number];
export type Export = Answer<"/api/audit/exports">["items"][number];

/** `anchor` is the moment of asking: the same page stays until it is asked for anew, since each reading is on record. */
export function recordsQuery(api: Api, organisation: string, asked: { filter: Filter; place: Place; anchor: number }) {
  const query = { ...asked.filter, ...asked.place };
  return queryOptions({
    queryKey: [organisation, "audit", "records", query, asked.anchor],
    queryFn: ({ signal }) => settle(api.GET("/api/audit/records", { params: { query }, signal })),
    staleTime: Infinity,
    refetchOnReconnect: false,
  });
}

export function recordQuery(api: Api, organisation: string, seq: number) {
  return queryOptions({
    queryKey: [organisation, "audit", "record", seq],
    queryFn: ({ signal }) => settle(api.GET("/api/audit/records/{seq}", { params: { path: { seq } }, signal })),
    staleTime: Infinity,
    refetchOnReconnect: false,
  });
}

export function integrityKey(organisation: string) {
  return [organisation, "audit", "integrity"] as const;
}

export function integrityQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: integrityKey(organisation),
    queryFn: ({ signal }) => settle(api.GET("/api/audit/integrity", { signal })),
    refetchInterval: ({ state }) => (state.data?.running ? 1000 : 15_000),
  });
}

export function verificationsQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "audit", "verifications"],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/audit/verifications", { signal }))).items,
    refetchInterval: ({ state }) => pace(state.data),
  });
}

export function exportsQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "audit", "exports"],
    queryFn: async ({ signal }) => (await settle(api.GET("/api/audit/exports", { signal }))).items,
    refetchInterval: ({ state }) => pace(state.data),
  });
}

export function isUnderWay({ state }: { state: Verification["state"] }): boolean {
  return state === "waiting" || state === "running";
}

export function beginVerification(api: Api): Promise<Verification> {
  return settle(api.POST("/api/audit/verifications"));
}

export function cancelVerification(api: Api, verification: string): Promise<Verification> {
  return settle(api.POST("/api/audit/verifications/{verification}/cancel", { params: { path: { verification } } }));
}

export function beginExport(api: Api, body: Filter): Promise<Export> {
  return settle(api.POST("/api/audit/exports", { body }));
}

export function cancelExport(api: Api, id: string): Promise<Export> {
  return settle(api.POST("/api/audit/exports/{export}/cancel", { params: { path: { export: id } } }));
}

/** Where the package of an export is fetched; that it was is on record. */
export function packageAddress(id: string): string {
  return `/api/audit/exports/${encodeURIComponent(id)}/file`;
}

function pace(jobs: readonly { state: Verification["state"] }[] | undefined): number | false {
  return jobs?.some(isUnderWay) === true ? 1000 : false;
}
