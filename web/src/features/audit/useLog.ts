/** A page of the log for what is looked for, and the counts of all that fits. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { integrityQuery, recordsQuery } from "~/api/audit";
import { type AuditSearch, filterOf, placeOf } from "./search";

export function useLog(search: AuditSearch) {
  const { api, organisation } = useApi();
  const { anchor, renew } = useAnchor();
  const filter = filterOf(search, anchor);
  const page = useQuery({
    ...recordsQuery(api, organisation, { filter, place: placeOf(search), anchor }),
    placeholderData: keepPreviousData,
  });
  const first = useQuery({ ...recordsQuery(api, organisation, { filter, place: {}, anchor }), placeholderData: keepPreviousData });
  const { data: integrity } = useQuery(integrityQuery(api, organisation));
  const isNewest = search.cursor === undefined && search.after === undefined;
  const fresh = isNewest && page.data !== undefined ? Math.max(0, (integrity?.size ?? 0) - page.data.size) : 0;
  return { page, summary: first.data?.summary, isCounted: first.data === undefined || first.data.summary !== null, fresh, renew };
}

/** The numbers on the page of the log that one came from, if it is still here; nothing is asked for. */
export function useNumbers(search: AuditSearch): readonly number[] {
  const { api, organisation } = useApi();
  const { anchor } = useAnchor();
  const queries = useQueryClient();
  const { queryKey } = recordsQuery(api, organisation, { filter: filterOf(search, anchor), place: placeOf(search), anchor });
  return queries.getQueryData(queryKey)?.items.map(({ seq }) => seq) ?? [];
}

/** The moment from which spans of time count back; it stays until something newer is asked for. */
function useAnchor() {
  const { organisation } = useApi();
  const queries = useQueryClient();
  const queryKey = [organisation, "audit", "anchor"];
  const { data: anchor } = useQuery({ queryKey, queryFn: () => Date.now(), initialData: () => Date.now(), staleTime: Infinity });
  return { anchor, renew: () => queries.setQueryData(queryKey, Date.now()) };
}
