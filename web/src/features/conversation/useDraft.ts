/** What is typed: shown at once, kept in the tab until the server has it, and there soon. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useApi } from "~/api/ApiContext";
import { draftQuery, keepDraft } from "~/api/drafts";
import { type Problem, problemOf } from "~/api/problem";
import { forgetUnsent, keepUnsent, readUnsent } from "./unsent";

const QUIET = 1_000; // milliseconds without a key, before it is kept

export type Draft = Readonly<{
  text: string;
  /** Why the server doesn't have it. */
  fault: Problem | null;
  write: (text: string) => void;
  /** Holds what is kept back until the question is sent: resolves when nothing is on its way. */
  hold: () => Promise<void>;
  /** The question was sent: there is no draft any more, here or there. */
  sent: () => void;
}>;

export function useDraft(conversation: string | null): Draft {
  const { api, me, organisation } = useApi();
  const owner = `${organisation}/${me.name}`;
  const place = conversation ?? "";
  const [typed, setTyped] = useState(() => readUnsent(window.sessionStorage, owner, place));
  const { data } = useQuery({ ...draftQuery(api, organisation, conversation), enabled: typed === null });
  const [fault, setFault] = useState<Problem | null>(null);
  const waiting = useRef<string | null>(typed);
  const underWay = useRef<Promise<void>>(Promise.resolve());

  const keep = useCallback(
    async (text: string) => {
      try {
        await keepDraft(api, conversation, text);
        setFault(null);
        if (waiting.current === null) forgetUnsent(window.sessionStorage, place);
      } catch (thrown) {
        waiting.current ??= text;
        setFault(problemOf(thrown));
      }
    },
    [api, conversation, place],
  );
  const take = useCallback(() => {
    const text = waiting.current;
    waiting.current = null;
    return text;
  }, []);
  const keepNext = useCallback(() => {
    underWay.current = underWay.current.then(async () => {
      const text = take();
      if (text !== null) await keep(text);
    });
  }, [keep, take]);
  const keepNow = useCallback(() => {
    const text = take();
    if (text !== null) void keep(text);
  }, [keep, take]);
  useKeeping(typed, keepNext, keepNow);

  return useMemo(
    () => ({
      text: typed ?? data ?? "",
      fault,
      write: (text) => {
        waiting.current = text;
        keepUnsent(window.sessionStorage, owner, place, text);
        setTyped(text);
      },
      hold: async () => {
        waiting.current = null;
        await underWay.current;
      },
      sent: () => {
        waiting.current = null;
        forgetUnsent(window.sessionStorage, place);
        setTyped("");
        setFault(null);
      },
    }),
    [typed, data, fault, owner, place],
  );
}

/** Keeps when no key has been pressed for a while and when the network is back; at once, when the page or the composer goes. */
function useKeeping(typed: string | null, keepNext: () => void, keepNow: () => void): void {
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(keepNext, QUIET);
    return () => clearTimeout(timer);
  }, [typed, keepNext]);
  const onBack = useEffectEvent(keepNext);
  const onLeave = useEffectEvent(keepNow);
  useEffect(() => {
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    window.addEventListener("online", () => onBack(), options);
    window.addEventListener("pagehide", () => onLeave(), options);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && onLeave(), options);
    return () => {
      leaving.abort();
      onLeave();
    };
  }, []);
}
