/** A page of a document, from the query cache. */
import { useQuery } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { pageQuery } from "~/api/library";

export function useDocumentPage(document: string, page: number) {
  const { api, organisation } = useApi();
  return useQuery(pageQuery(api, organisation, document, page));
}
