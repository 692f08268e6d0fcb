/** What one tab tells the others of the same browser: that something has changed, never what. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useRef } from "react";
import { useApi } from "~/api/ApiContext";
import { listKey, searchKey, treeKey } from "~/api/conversations";
import { text } from "~/api/decode";

export type Tell = (conversation: string) => void;

export const NewsContext = createContext<Tell | null>(null);

export function useTell(): Tell {
  const tell = use(NewsContext);
  if (tell === null) throw new Error("useTell outside NewsContext");
  return tell;
}

/** Asks anew for what another tab has changed; what is answered tells of a change here, in this tab and the others. */
export function useNews(): Tell {
  const { me, organisation } = useApi();
  const queries = useQueryClient();
  const channel = useRef<BroadcastChannel | null>(null);
  const refresh = useCallback(
    (conversation: string, isOurs: boolean) => {
      void queries.invalidateQueries({ queryKey: listKey(organisation) });
      void queries.invalidateQueries({ queryKey: searchKey(organisation) });
      if (!isOurs) void queries.invalidateQueries({ queryKey: treeKey(organisation, conversation) });
    },
    [queries, organisation],
  );
  const name = `valv:${organisation}:${me.name}`;
  useEffect(() => {
    const here = new BroadcastChannel(name);
    here.addEventListener("message", ({ data }) => refresh(text(data) ?? "", false));
    channel.current = here;
    return () => here.close();
  }, [name, refresh]);
  return useCallback(
    (conversation) => {
      refresh(conversation, true);
      channel.current?.postMessage(conversation);
    },
    [refresh],
  );
}
