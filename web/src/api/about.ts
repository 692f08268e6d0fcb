/** What everyone may know of the installation, and the operator's own words for the page. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";
import { isRecord } from "./decode";

export function aboutQuery(api: Api) {
  return queryOptions({
    queryKey: ["about"],
    queryFn: ({ signal }) => settle(api.GET("/api/about", { signal })),
    staleTime: Infinity,
  });
}

/** The operator's words in a language, in the shape of the built-in catalogues. */
export async function fetchWords(api: Api, language: string): Promise<object> {
  const words: unknown = await settle(api.GET("/api/about/words/{language}", { params: { path: { language } } }));
  return isRecord(words) ? words : {};
}
