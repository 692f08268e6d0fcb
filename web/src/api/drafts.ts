/** What was typed and not sent, kept on the server: one draft a conversation, and one for the one not begun. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, settle } from "./client";

/** `conversation` null stands for the one that has not begun. */
export function draftQuery(api: Api, organisation: string, conversation: string | null) {
  return queryOptions({
    queryKey: [organisation, "draft", conversation ?? ""],
    queryFn: async ({ signal }) => (await readDraft(api, conversation, signal)).text,
    staleTime: Number.POSITIVE_INFINITY, // what is typed here is newer
    gcTime: 0,
  });
}

function readDraft(api: Api, conversation: string | null, signal: AbortSignal) {
  if (conversation === null) return settle(api.GET("/api/conversations/draft", { signal }));
  const params = { path: { conversation } };
  return settle(api.GET("/api/conversations/{conversation}/draft", { params, signal }));
}

// The body of a request that outlives its page may have 64 KiB (Fetch, 4.6 "HTTP-network-or-cache fetch").
const KEEPALIVE_LETTERS = 15_000;

/** Keeps the draft; a short one reaches the server though the page is closed meanwhile. */
export async function keepDraft(api: Api, conversation: string | null, text: string): Promise<void> {
  const given = { body: { text }, keepalive: text.length < KEEPALIVE_LETTERS };
  if (conversation === null) await settle(api.PUT("/api/conversations/draft", given));
  else await settle(api.PUT("/api/conversations/{conversation}/draft", { params: { path: { conversation } }, ...given }));
}
