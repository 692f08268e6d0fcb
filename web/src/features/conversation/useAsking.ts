/** What the composer does: writes, looks at what is sent, sends, and gives back what couldn't be sent. */
import { type RefObject, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Problem, problemOf } from "~/api/problem";
import { useMedia } from "~/ui/useMedia";
import { nextBlank } from "./blanks";
import { type Draft, useDraft } from "./useDraft";
import { type Guard, useGuard } from "./useGuard";

export type Asking = Readonly<{
  field: RefObject<HTMLTextAreaElement | null>;
  draft: Draft;
  guard: Guard;
  isSending: boolean;
  /** Why the question was not taken. */
  fault: Problem | null;
  ask: () => void;
  /** Writes a task with its first blank chosen; sends nothing. */
  begin: (task: string) => void;
  /** Gives the focus to the field, where a keyboard doesn't cover the page for it. */
  settle: () => void;
}>;

/** `send` resolves when the question is kept. */
export function useAsking(conversation: string | null, send: (text: string) => Promise<void>): Asking {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(conversation);
  const guard = useGuard();
  const [isSending, setSending] = useState(false);
  const [fault, setFault] = useState<Problem | null>(null);
  const settle = useSettling(field);

  const sendNow = async (text: string) => {
    setSending(true);
    setFault(null);
    try {
      await draft.hold();
      await send(text);
      draft.sent();
    } catch (thrown) {
      draft.write(text);
      setFault(problemOf(thrown));
    }
    setSending(false);
    settle();
  };
  const ask = () => {
    const question = draft.text.trim();
    if (question !== "") guard.check(question, (text) => void sendNow(text));
  };
  const begin = (task: string) => {
    flushSync(() => draft.write(task));
    const { start, end } = nextBlank(task, 0);
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };
  return { field, draft, guard, isSending, fault, ask, begin, settle };
}

/** On a phone the keyboard would cover the answer: there the field is left instead. */
function useSettling(field: RefObject<HTMLTextAreaElement | null>): () => void {
  const hasFinePointer = useMedia("(pointer: fine)");
  return () => (hasFinePointer ? field.current?.focus({ preventScroll: true }) : field.current?.blur());
}
