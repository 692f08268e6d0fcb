/** Begins a conversation with its first question, and goes to it. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useApi } from "~/api/ApiContext";
import { type Choice, begin, treeKey } from "~/api/conversations";
import { ask } from "~/api/messages";
import type { Tree } from "~/api/shapes";
import { useTell } from "./NewsContext";
import { withExchange } from "./tree";

/** Resolves when the question is kept and its page is open. */
export function useBeginning(): (text: string, choice: Choice) => Promise<void> {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const tell = useTell();
  return async (text, choice) => {
    const made = await begin(api, choice);
    const begun = await ask(api, made.id, { text, parent: null, choice });
    const now = new Date().toISOString();
    const tree = withExchange({ ...made, messages: [] }, { begun, text, parent: null, now });
    queries.setQueryData<Tree>(treeKey(organisation, made.id), tree);
    tell(made.id);
    await navigate({ to: "/c/$conversation", params: { conversation: made.id } });
  };
}
