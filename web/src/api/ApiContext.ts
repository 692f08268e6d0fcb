/** The client, who uses it, the organisation that it speaks for and how sensitive its questions may be, for the hooks below. */
import { createContext, use } from "react";
import type { Api } from "./client";
import type { Me } from "./shapes";

/** `organisation` is an alias, and the first part of every query's key; empty for whoever belongs to none. */
export type ApiScope = Readonly<{ api: Api; me: Me; organisation: string; classification: string }>;

export const ApiContext = createContext<ApiScope | null>(null);

export function useApi(): ApiScope {
  const scope = use(ApiContext);
  if (scope === null) throw new Error("useApi outside ApiContext");
  return scope;
}

/** Whether the person here is allowed an action ("key:create"); the gateway decides anew each time, this is for what to show. */
export function useMay(): (action: string) => boolean {
  const { me } = useApi();
  return (action) => me.actions.includes(action);
}
