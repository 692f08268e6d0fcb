/** Builds what lives as long as the page: the query cache, the client, the router. */
import { QueryClient } from "@tanstack/react-query";
import { type Api, buildApi } from "~/api/client";
import { problemOf } from "~/api/problem";
import { type Session, sessionKey } from "~/api/session";

export type House = Readonly<{ queries: QueryClient; api: Api }>;

export function build(language: () => string, fetch: typeof globalThis.fetch, origin: string): House {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: isWorthRetrying } } });
  const csrf = () => {
    const session = queries.getQueryData<Session>(sessionKey);
    return session?.at === "in" ? session.me.csrf : null;
  };
  return { queries, api: buildApi({ csrf, language }, fetch, origin) };
}

/** Only where the gateway was not reached at all: every answer of its is final. */
function isWorthRetrying(failures: number, fault: Error): boolean {
  return failures < 2 && problemOf(fault).status === 0;
}
