/** Ends the session and leaves nothing of it in the tab. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Api } from "~/api/client";
import { problemOf } from "~/api/problem";
import { logOut } from "~/api/session";

export function useLogout(api: Api): { leave: () => void; fault: Error | null } {
  const queries = useQueryClient();
  const goTo = (address: string) => {
    window.sessionStorage.clear();
    queries.clear();
    window.location.assign(address);
  };
  const { mutate, error } = useMutation({
    mutationFn: () => logOut(api),
    onSuccess: goTo,
    onError: (fault) => {
      if (problemOf(fault).status === 401) goTo("/");
    },
  });
  return { leave: () => mutate(), fault: error };
}
