/** The conversations of this person: all, or those that hold what is searched for. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useApi } from "~/api/ApiContext";
import { listQuery, searchQuery } from "~/api/conversations";

export function useConversations() {
  const { api, organisation } = useApi();
  return useInfiniteQuery(listQuery(api, organisation));
}

const QUIET = 400; // milliseconds without a key, before it is searched for
const LONGEST = 200;

/** Nothing is searched for by one letter: it is in everything. */
export const SHORTEST = 2;

export function useHits(words: string) {
  const { api, organisation } = useApi();
  const text = useQuiet(words.trim().slice(0, LONGEST));
  return useInfiniteQuery(searchQuery(api, organisation, text.length < SHORTEST ? "" : text));
}

function useQuiet(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
