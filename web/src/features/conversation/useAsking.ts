/** All that asking needs to remember while one moves between pages: the turns, the draft and the choices. */
import { useState } from "react";
import type { Question } from "~/api/answers";
import type { Api } from "~/api/client";
import { type Conversation, useConversation } from "./useConversation";
import { type Draft, useDraft } from "./useDraft";

export type Choice = Pick<Question, "model" | "collections">;

export type Asking = Readonly<{
  conversation: Conversation;
  draft: Draft;
  choice: Choice;
  chooseModel: (name: string | null) => void;
  chooseCollections: (ids: readonly string[] | null) => void;
}>;

export function useAsking(api: Api, storage: Storage, owner: string): Asking {
  const [choice, setChoice] = useState<Choice>({ model: null, collections: null });
  return {
    conversation: useConversation(api),
    draft: useDraft(storage, owner),
    choice,
    chooseModel: (model) => setChoice((before) => ({ ...before, model })),
    chooseCollections: (collections) => setChoice((before) => ({ ...before, collections })),
  };
}
