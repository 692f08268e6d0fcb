/** Who is here: the session, how it begins, changes organisation and ends. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import { problemOf } from "./problem";
import type { Me } from "./shapes";

export type Session = { at: "in"; me: Me } | { at: "out" };

export const sessionKey = ["session"] as const;

export function sessionQuery(api: Api) {
  return queryOptions({
    queryKey: sessionKey,
    queryFn: ({ signal }): Promise<Session> => readSession(api, signal),
    staleTime: 60_000,
    refetchOnWindowFocus: "always",
  });
}

async function readSession(api: Api, signal: AbortSignal): Promise<Session> {
  try {
    return { at: "in", me: await settle(api.GET("/api/me", { signal })) };
  } catch (fault) {
    if (problemOf(fault).status === 401) return { at: "out" };
    throw fault;
  }
}

/** Where a login starts; the gateway takes the browser back to `returnTo`. */
export function loginAddress(returnTo: string, organisation: string | null): string {
  const query = new URLSearchParams({ return_to: returnTo });
  if (organisation !== null && organisation !== "") query.set("organisation", organisation);
  return `/auth/login?${query}`;
}

/** Ends the session; the address to go to, never one that runs script. */
export async function logOut(api: Api): Promise<string> {
  const { redirect } = await settle(api.POST("/auth/logout"));
  return URL.canParse(redirect, "https://here.invalid") && isWeb(redirect) ? redirect : "/";
}

function isWeb(address: string): boolean {
  const { protocol } = new URL(address, "https://here.invalid");
  return protocol === "https:" || protocol === "http:";
}
