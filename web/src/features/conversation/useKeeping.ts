/** Names and deletes conversations. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { change, remove, treeKey } from "~/api/conversations";
import type { Conversation, Tree } from "~/api/shapes";
import { useAnnounce } from "~/ui/Announcer";
import { useTell } from "./NewsContext";

export function useRename({ id: conversation, mode }: Pick<Conversation, "id" | "mode">, onDone: () => void) {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const tell = useTell();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (title: string) => change(api, conversation, { title, mode }),
    onSuccess: ({ title }) => {
      queries.setQueryData<Tree>(treeKey(organisation, conversation), (known) => known && { ...known, title });
      tell(conversation);
      onDone();
    },
  });
  return { rename: mutate, isPending, error };
}

/** Deletes a conversation, and leaves its page if that is where one is. */
export function useDelete(conversation: string, onDone: () => void) {
  const { api, organisation } = useApi();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const tell = useTell();
  const isHere = useRouterState({ select: ({ location }) => location.pathname === `/c/${conversation}` });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => remove(api, conversation),
    onSuccess: async () => {
      onDone();
      if (isHere) await navigate({ to: "/" });
      queries.removeQueries({ queryKey: treeKey(organisation, conversation) });
      tell(conversation);
      announce(t("history.deleted"));
    },
  });
  return { remove: () => mutate(), isPending, error };
}
