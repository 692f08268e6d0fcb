/** One conversation: its branch, what is being written in it, and all that can be done with it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useApi } from "~/api/ApiContext";
import { type Changed, type Choice, change, treeKey, treeQuery } from "~/api/conversations";
import { ask, askAgain, stop } from "~/api/messages";
import { type Problem, problemOf } from "~/api/problem";
import type { Message, Tree } from "~/api/shapes";
import { isOver } from "~/stream/answer";
import { followed, shown } from "./live";
import { type LiveStore, useLiveValue } from "./liveStore";
import { useTell } from "./NewsContext";
import { type Turn, branch, leafUnder, withAnswer, withExchange, withMessage, writingIn } from "./tree";
import { useLive } from "./useLive";

export type Talk = Readonly<{
  tree: Tree | null;
  turns: readonly Turn[];
  live: LiveStore;
  /** Goes on following what was given up. */
  retry: () => void;
  /** The answer that is being written in this branch. */
  writing: Message | null;
  isStopping: boolean;
  /** The answer that was begun here last. */
  newest: string | null;
  /** What went wrong with what was done last. */
  fault: Problem | null;
  /** Why the conversation is not here. */
  missing: Error | null;
  reload: () => void;
  /** Asks behind an answer, or instead of a question of the same parent; resolves when it is kept. */
  ask: (text: string, parent: string | null) => Promise<void>;
  again: (question: string) => void;
  stop: () => void;
  show: (message: string) => void;
  choose: (choice: Choice) => void;
}>;

/** `sought` is a message that is to be seen, on whatever branch it stands. */
export function useTalk(conversation: string, sought: string | null): Talk {
  const { api } = useApi();
  const tell = useTell();
  const { tree, missing, reload, put } = useTree(conversation);
  const [newest, setNewest] = useState<string | null>(null);
  const [found, setFound] = useState<string | null>(null);
  const turns = useMemo(() => shownBranch(tree, found === sought ? null : sought), [tree, found, sought]);
  const unended = writingIn(turns);
  const { store: live, retry } = useLive(conversation, unended, () => {
    reload();
    tell(conversation);
  });
  const isOverHere = useLiveValue(live, (now) => unended !== null && isOver(shown(unended, followed(unended.id, now))));
  const writing = isOverHere ? null : unended;
  const goOn = (answer: string) => {
    setFound(sought);
    setNewest(answer);
    tell(conversation);
  };

  const asking = useMutation({
    mutationFn: (asked: { text: string; parent: string | null }) =>
      ask(api, conversation, { ...asked, choice: choiceOf(tree) }),
    onSuccess: (begun, { text, parent }) => {
      put((known) => withExchange(known, { begun, text, parent, now: new Date().toISOString() }));
      goOn(begun.answer);
    },
  });
  const again = useMutation({
    mutationFn: (question: string) => askAgain(api, conversation, question, choiceOf(tree)),
    onSuccess: (begun) => {
      put((known) => withAnswer(known, begun, new Date().toISOString()));
      goOn(begun.answer);
    },
  });
  const stopping = useMutation({
    mutationFn: (answer: string) => stop(api, conversation, answer),
    onSuccess: (message) => {
      put((known) => ({ ...known, messages: withMessage(known.messages, message) }));
      tell(conversation);
    },
  });
  const changing = useMutation({
    mutationFn: (changed: Changed) => change(api, conversation, changed),
    onMutate: (changed) => put((known) => ({ ...known, ...copied(changed) })),
    onSuccess: () => tell(conversation),
    onError: reload,
  });

  const [askText, changeNow] = [asking.mutateAsync, changing.mutate];
  return {
    tree,
    turns,
    live,
    retry,
    writing,
    isStopping: stopping.isPending,
    newest,
    fault: faultOf(again.error ?? stopping.error ?? changing.error),
    missing,
    reload,
    ask: useCallback(async (text, parent) => void (await askText({ text, parent })), [askText]),
    again: again.mutate,
    stop: () => writing !== null && stopping.mutate(writing.id),
    show: useCallback(
      (message) => {
        setFound(sought);
        if (tree !== null) changeNow({ leaf: leafUnder(tree.messages, message), mode: tree.mode });
      },
      [tree, sought, changeNow],
    ),
    choose: changing.mutate,
  };
}

function useTree(conversation: string) {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(treeQuery(api, organisation, conversation));
  const put = useCallback(
    (changed: (known: Tree) => Tree) => {
      const queryKey = treeKey(organisation, conversation);
      void queries.cancelQueries({ queryKey }); // what is on its way is older
      queries.setQueryData<Tree>(queryKey, (known) => known && changed(known));
    },
    [queries, organisation, conversation],
  );
  const isGone = error !== null && problemOf(error).status === 404;
  const reload = useCallback(() => void refetch(), [refetch]);
  return { tree: isGone ? null : (data ?? null), missing: isGone || data === undefined ? error : null, reload, put };
}

/** The branch with the message that is sought, where there is one; else the one looked at last. */
function shownBranch(tree: Tree | null, sought: string | null): Turn[] {
  if (tree === null) return [];
  const isThere = sought !== null && tree.messages.some(({ id }) => id === sought);
  return branch(tree.messages, isThere ? leafUnder(tree.messages, sought) : tree.leaf);
}

export function choiceOf(tree: Tree | null): Choice {
  return { model: tree?.model ?? null, collections: tree?.collections ?? null, mode: tree?.mode ?? "model" };
}

function copied(changed: Changed): Partial<Tree> {
  if (!("model" in changed)) return changed;
  return { ...changed, collections: changed.collections === null ? null : [...changed.collections] };
}

function faultOf(error: Error | null): Problem | null {
  return error === null ? null : problemOf(error);
}
