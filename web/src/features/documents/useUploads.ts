/** The files on their way into a collection; they go on when the page is left, and are here when one comes back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useApi } from "~/api/ApiContext";
import { sessionQuery } from "~/api/session";
import { sendFile } from "~/api/upload";
import { type Send, UploadQueue } from "./UploadQueue";

export function useUploads(collection: string) {
  const queue = useQueue(collection);
  return { queue, uploads: useSyncExternalStore(queue.subscribe, queue.snapshot) };
}

function useQueue(collection: string): UploadQueue {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const csrf = () => {
    const session = queries.getQueryData(sessionQuery(api).queryKey);
    return session?.at === "in" ? (session.me.csrf ?? "") : "";
  };
  const send: Send = (file, told) =>
    sendFile(collection, file, { csrf: csrf(), language: document.documentElement.lang }, told);
  const onTaken = () => void queries.invalidateQueries({ queryKey: [organisation, "collections"] });
  const { data } = useQuery({
    queryKey: [organisation, "uploads", collection],
    initialData: () => new UploadQueue(send, onTaken),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return data;
}
