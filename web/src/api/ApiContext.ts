/** The client, the organisation that it speaks for and how sensitive its questions may be, for the hooks below. */
import { createContext, use } from "react";
import type { Api } from "./client";

export type ApiScope = Readonly<{ api: Api; organisation: string; classification: string }>;

export const ApiContext = createContext<ApiScope | null>(null);

export function useApi(): ApiScope {
  const scope = use(ApiContext);
  if (scope === null) throw new Error("useApi outside ApiContext");
  return scope;
}
