/** Asking: one question out, one stream of events back. */
import type { Api } from "./client";
import { settle } from "./client";

export type Question = Readonly<{
  question: string;
  model: string | null;
  collections: readonly string[] | null;
}>;

/** Opens the answer's stream of bytes; aborting the signal closes it, which stops the work upstream. */
export async function openAnswer(
  api: Api,
  asked: Question,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const body = { ...asked, collections: asked.collections === null ? null : [...asked.collections] };
  const stream = await settle(api.POST("/api/answers", { body, parseAs: "stream", signal }));
  return stream ?? new ReadableStream<Uint8Array>({ start: (end) => end.close() });
}
