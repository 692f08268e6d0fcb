/** The client and the organisation that it speaks for, for the hooks below. */
import { createContext, use } from "react";
import type { Api } from "./client";

export type ApiScope = Readonly<{ api: Api; organisation: string }>;

export const ApiContext = createContext<ApiScope | null>(null);

export function useApi(): ApiScope {
  const scope = use(ApiContext);
  if (scope === null) throw new Error("useApi outside ApiContext");
  return scope;
}
