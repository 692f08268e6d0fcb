/** Asks, follows the answers and stops them. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import { type Question, openAnswer } from "~/api/answers";
import { type Api, isAbort } from "~/api/client";
import { problemOf } from "~/api/problem";
import { coalesce, nextFrame } from "~/stream/coalesce";
import type { AnswerEvent } from "~/stream/events";
import { readEvents } from "~/stream/read";
import { type Turn, change, openTurn } from "./conversation";

export type Conversation = Readonly<{
  turns: readonly Turn[];
  isOpen: boolean;
  ask: (asked: Question) => void;
  stop: () => void;
}>;

/** One conversation; leaving it closes the line that is open. */
export function useConversation(api: Api): Conversation {
  const [turns, make] = useReducer(change, []);
  const line = useRef<AbortController | null>(null);
  const open = openTurn(turns);
  useEffect(() => () => line.current?.abort(), []);

  const ask = (asked: Question) => {
    const id = turns.length;
    const here = new AbortController();
    line.current = here;
    make({ type: "asked", id, asked });
    const send = coalesce((event) => make({ type: "grew", id, event }), nextFrame);
    follow(api, asked, here.signal, send).catch((fault: unknown) => {
      if (!isAbort(fault)) make({ type: "failed", id, problem: problemOf(fault) });
    });
  };

  const openId = open?.id;
  const stop = useCallback(() => {
    if (openId === undefined) return;
    make({ type: "stopped", id: openId });
    line.current?.abort();
  }, [openId]);

  return { turns, isOpen: open !== null, ask, stop };
}

async function follow(
  api: Api,
  asked: Question,
  signal: AbortSignal,
  send: (event: AnswerEvent) => void,
): Promise<void> {
  const bytes = await openAnswer(api, asked, signal);
  for await (const event of readEvents(bytes)) send(event);
}
