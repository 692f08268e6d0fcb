/** A collection's documents, looked at again as long as one of them is on its way. */
import { useQuery } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { documentsQuery } from "~/api/documents";
import { untilNext } from "./progress";

export function useDocuments(collection: string) {
  const { api, organisation } = useApi();
  return useQuery({
    ...documentsQuery(api, organisation, collection),
    refetchInterval: ({ state }) => untilNext(state.data ?? [], Date.now()),
  });
}
