/** A person's own conversations: listed, searched, opened, named, deleted. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Api, carryOut, settle } from "./client";
import type { Conversation, Mode, Tree } from "./shapes";

/** How questions are answered: `model` null lets the question's language decide, `collections` null searches all. */
export type Choice = Readonly<{ model: string | null; collections: readonly string[] | null; mode: Mode }>;

export function listKey(organisation: string) {
  return [organisation, "conversations", "list"] as const;
}

export function searchKey(organisation: string) {
  return [organisation, "conversations", "search"] as const;
}

export function treeKey(organisation: string, conversation: string) {
  return [organisation, "conversations", "tree", conversation] as const;
}

/** The one last touched first, a page at a time. */
export function listQuery(api: Api, organisation: string) {
  return infiniteQueryOptions({
    queryKey: listKey(organisation),
    queryFn: ({ signal, pageParam }) =>
      settle(api.GET("/api/conversations", { params: { query: { limit: 30, ...cursorOf(pageParam) } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.cursor,
    staleTime: 30_000,
  });
}

/** Conversations that hold the text, in a title, a question or an answer. */
export function searchQuery(api: Api, organisation: string, text: string) {
  return infiniteQueryOptions({
    queryKey: [...searchKey(organisation), text],
    queryFn: ({ signal, pageParam }) =>
      settle(api.POST("/api/conversations/search", { body: { text, limit: 20, ...cursorOf(pageParam) }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.cursor,
    enabled: text !== "",
    gcTime: 60_000,
  });
}

function cursorOf(cursor: string): { cursor?: string } {
  return cursor === "" ? {} : { cursor };
}

/** The conversation with every message of every branch; asked for anew whenever one comes back to it. */
export function treeQuery(api: Api, organisation: string, conversation: string) {
  const params = { path: { conversation } };
  return queryOptions({
    queryKey: treeKey(organisation, conversation),
    queryFn: ({ signal }): Promise<Tree> => settle(api.GET("/api/conversations/{conversation}", { params, signal })),
    refetchOnWindowFocus: "always",
    refetchOnReconnect: "always",
  });
}

export function begin(api: Api, choice: Choice): Promise<Conversation> {
  return settle(api.POST("/api/conversations", { body: onWire(choice) }));
}

/** What is to be different; the way of answering is told with it, since the published interface asks for it. */
export type Changed = Readonly<{ title: string; mode: Mode } | { leaf: string; mode: Mode } | Choice>;

export function change(api: Api, conversation: string, changed: Changed): Promise<Conversation> {
  const params = { path: { conversation } };
  const body = "model" in changed ? onWire(changed) : { ...changed };
  return settle(api.PATCH("/api/conversations/{conversation}", { params, body }));
}

export function remove(api: Api, conversation: string): Promise<void> {
  return carryOut(api.DELETE("/api/conversations/{conversation}", { params: { path: { conversation } } }));
}

/** The choice as the wire has it. */
export function onWire({ model, collections, mode }: Choice) {
  return { model, mode, collections: collections === null ? null : [...collections] };
}
