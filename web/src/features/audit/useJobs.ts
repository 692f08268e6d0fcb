/** The organisation's jobs, how one is begun and cancelled; each goes on when its page is left. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import {
  type Filter,
  beginExport,
  beginVerification,
  cancelExport,
  cancelVerification,
  exportsQuery,
  integrityKey,
  verificationsQuery,
} from "~/api/audit";

export function useVerifications() {
  const { api, organisation } = useApi();
  const settled = useSettled(verificationsQuery(api, organisation).queryKey);
  const jobs = useQuery(verificationsQuery(api, organisation));
  const begin = useMutation({ mutationFn: () => beginVerification(api), onSettled: settled });
  const cancel = useMutation({ mutationFn: (id: string) => cancelVerification(api, id), onSettled: settled });
  return { jobs, begin, cancel };
}

export function useExports() {
  const { api, organisation } = useApi();
  const settled = useSettled(exportsQuery(api, organisation).queryKey);
  const jobs = useQuery(exportsQuery(api, organisation));
  const begin = useMutation({ mutationFn: (filter: Filter) => beginExport(api, filter), onSettled: settled });
  const cancel = useMutation({ mutationFn: (id: string) => cancelExport(api, id), onSettled: settled });
  return { jobs, begin, cancel };
}

function useSettled(queryKey: readonly unknown[]) {
  const { organisation } = useApi();
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey });
    await queries.invalidateQueries({ queryKey: integrityKey(organisation) });
  };
}
