/** Ends the session and leaves nothing of it in the browser, but for how the page is to look and speak. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Api } from "~/api/client";
import { problemOf } from "~/api/problem";
import { logOut } from "~/api/session";
import { keepPreferences } from "~/preferences/preferences";
import { usePreferences } from "~/preferences/PreferencesProvider";

export function useLogout(api: Api): { leave: () => void; fault: Error | null } {
  const queries = useQueryClient();
  const { preferences } = usePreferences();
  const goTo = (address: string) => {
    window.sessionStorage.clear();
    queries.clear();
    keepPreferences(window.localStorage, preferences); // the gateway has had the browser forget all of this site
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
