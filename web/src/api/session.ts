/** Who is here: the session, how it begins, changes organisation and ends. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import { problemOf } from "./problem";
import type { Me } from "./shapes";

/** `former` was here until the session ended: what they have typed is still on the page. */
export type Session = { at: "in"; me: Me } | { at: "out"; former: Me | null };

export const sessionKey = ["session"] as const;

export function sessionQuery(api: Api) {
  return queryOptions({
    queryKey: sessionKey,
    queryFn: ({ signal, client }): Promise<Session> => readSession(api, signal, client),
    staleTime: 60_000,
    refetchOnWindowFocus: "always",
  });
}

async function readSession(api: Api, signal: AbortSignal, queries: QueryClient): Promise<Session> {
  const former = whoWasHere(queries.getQueryData<Session>(sessionKey));
  try {
    const me = await settle(api.GET("/api/me", { signal }));
    if (former !== null && ownerOf(former) !== ownerOf(me)) forgetAll(queries);
    return { at: "in", me };
  } catch (fault) {
    if (problemOf(fault).status === 401) return { at: "out", former };
    throw fault;
  }
}

function whoWasHere(session: Session | undefined): Me | null {
  if (session === undefined) return null;
  return session.at === "in" ? session.me : session.former;
}

/** One person in one organisation. */
export function ownerOf(me: Me): string {
  return `${me.organisation?.alias ?? ""}/${me.name}`;
}

/** Of another person, or of the same in another organisation, nothing stays in memory. */
function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
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
