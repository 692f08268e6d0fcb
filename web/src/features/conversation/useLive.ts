/** Follows the answer that is being written, from wherever it has come; leaving it stops nothing. */
import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { useApi } from "~/api/ApiContext";
import { openEvents } from "~/api/messages";
import { problemOf } from "~/api/problem";
import type { Message } from "~/api/shapes";
import { coalesce, nextFrame } from "~/stream/coalesce";
import type { AnswerEvent } from "~/stream/events";
import { follow } from "~/stream/follow";
import { isEnd } from "~/stream/read";
import { type LiveStore, openLiveStore } from "./liveStore";
import { untilBack } from "./untilBack";

export type Following = Readonly<{ store: LiveStore; retry: () => void }>;

/** `message` is the answer to follow, where there is one; `onEnd` is told when it has ended. */
export function useLive(conversation: string, message: Message | null, onEnd: () => void): Following {
  const { api } = useApi();
  const [attempt, setAttempt] = useState(0);
  const [store] = useState(openLiveStore);
  const { make } = store;
  const id = message?.id;

  const start = useEffectEvent((signal: AbortSignal) => {
    if (message === null) return;
    make({ type: "begun", message });
    const take = (event: AnswerEvent) => {
      make({ type: "grew", id: message.id, event });
      if (isEnd(event)) onEnd();
    };
    follow(message.place, {
      open: (after) => openEvents(api, conversation, message.id, { after, signal }),
      send: coalesce(take, nextFrame),
      onLine: (line) => make({ type: "line", id: message.id, line }),
      wait: (time) => untilBack(time, signal),
      signal,
    }).catch((fault: unknown) => {
      make({ type: "given-up", id: message.id, fault: problemOf(fault) });
      onEnd();
    });
  });

  useEffect(() => {
    if (id === undefined) return undefined;
    const leaving = new AbortController();
    start(leaving.signal);
    return () => leaving.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each attempt begins anew
  }, [id, attempt]);
  return { store, retry: useCallback(() => setAttempt((before) => before + 1), []) };
}
