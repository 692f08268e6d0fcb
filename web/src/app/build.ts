/** Builds what lives as long as the page: the query cache, the client, and when the session was last used. */
import { QueryClient } from "@tanstack/react-query";
import { type Api, buildApi } from "~/api/client";
import { problemOf } from "~/api/problem";
import { type Session, sessionKey } from "~/api/session";

export type House = Readonly<{ queries: QueryClient; api: Api; usedAt: () => number }>;

export function build(language: () => string, fetch: typeof globalThis.fetch, origin: string): House {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: isWorthRetrying } } });
  let used = Date.now();
  const csrf = () => {
    const session = queries.getQueryData<Session>(sessionKey);
    return session?.at === "in" ? session.me.csrf : null;
  };
  const heard = (isKnown: boolean, path: string) => {
    if (isKnown) used = Date.now();
    else if (path !== "/api/me") void queries.invalidateQueries({ queryKey: sessionKey });
  };
  return { queries, api: buildApi({ csrf, language, heard }, fetch, origin), usedAt: () => used };
}

/** Only where the gateway was not reached at all: every answer of its is final. */
function isWorthRetrying(failures: number, fault: Error): boolean {
  return failures < 2 && problemOf(fault).status === 0;
}
