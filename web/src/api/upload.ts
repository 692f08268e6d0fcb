/** A file on its way to a collection, with how far it has come: what fetch can't tell, XMLHttpRequest can. */
import { fromJson, isRecord, text } from "./decode";
import { type Problem, readProblem, unreachable } from "./problem";

/** Why a file was not taken in: the problem, and the reason in it where the file itself is the reason. */
export type Refusal = Readonly<{ problem: Problem; reason: string | null }>;

/** `isKnown`: the collection had the file already. */
export type Taken = Readonly<{ document: string; isKnown: boolean }>;

export type Sending = Readonly<{
  /** From 0 to 1. */
  onProgress: (sent: number) => void;
  onTaken: (taken: Taken) => void;
  onRefused: (refusal: Refusal) => void;
}>;

export type Sender = Readonly<{ csrf: string; language: string }>;

/** Sends a file; the function that it gives back breaks it off, after which nothing more is told. */
export function sendFile(collection: string, file: File, sender: Sender, told: Sending): () => void {
  // oxlint-disable-next-line no-restricted-globals -- fetch does not tell how much of a body has left
  const request = new XMLHttpRequest();
  request.open("POST", `/api/collections/${encodeURIComponent(collection)}/documents`);
  request.setRequestHeader("X-Valv-CSRF", sender.csrf);
  request.setRequestHeader("Accept-Language", sender.language);
  request.upload.addEventListener("progress", ({ loaded, total }) => told.onProgress(total === 0 ? 0 : loaded / total));
  request.addEventListener("load", () => answered(request, told));
  request.addEventListener("error", () => told.onRefused({ problem: unreachable, reason: null }));
  const body = new FormData();
  body.append("file", file);
  request.send(body);
  return () => request.abort();
}

function answered({ status, responseText }: XMLHttpRequest, { onTaken, onRefused }: Sending): void {
  const body = fromJson(responseText);
  const fields = isRecord(body) ? body : {};
  const document = text(fields["id"]);
  if (status === 202 && document !== null) return onTaken({ document, isKnown: fields["state"] === "ready" });
  return onRefused({ problem: readProblem(body, status), reason: text(fields["reason"]) });
}
