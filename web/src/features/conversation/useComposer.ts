/** What the composer does, and where the focus goes when it has done it. */
import { type RefObject, useRef } from "react";
import { flushSync } from "react-dom";
import { useMedia } from "~/ui/useMedia";
import { firstBlank } from "./draft";
import type { Asking } from "./useAsking";

export type ComposerActions = Readonly<{
  field: RefObject<HTMLTextAreaElement | null>;
  ask: () => void;
  stop: (stopAnswer: () => void) => void;
  begin: (task: string) => void;
}>;

export function useComposer({ conversation, draft, choice }: Asking): ComposerActions {
  const field = useRef<HTMLTextAreaElement>(null);
  const hasFinePointer = useMedia("(pointer: fine)");
  // on a phone the keyboard would cover the answer
  const settle = () => (hasFinePointer ? field.current?.focus({ preventScroll: true }) : field.current?.blur());

  const ask = () => {
    const question = draft.text.trim();
    if (question === "") return;
    conversation.ask({ question, ...choice });
    draft.write("");
    settle();
  };
  const stop = (stopAnswer: () => void) => {
    stopAnswer();
    settle();
  };
  const begin = (task: string) => {
    flushSync(() => draft.write(task));
    field.current?.focus();
    field.current?.setSelectionRange(...firstBlank(task));
  };
  return { field, ask, stop, begin };
}
