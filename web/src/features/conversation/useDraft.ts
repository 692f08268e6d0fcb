/** The text of the composer, kept as it is typed. */
import { useCallback, useState } from "react";
import { keepDraft, readDraft } from "./draft";

export type Draft = Readonly<{ text: string; write: (text: string) => void }>;

export function useDraft(storage: Storage, owner: string): Draft {
  const [text, setText] = useState(() => readDraft(storage, owner));
  const write = useCallback(
    (written: string) => {
      keepDraft(storage, owner, written);
      setText(written);
    },
    [storage, owner],
  );
  return { text, write };
}
