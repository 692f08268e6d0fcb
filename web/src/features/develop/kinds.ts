/** What a model is asked for, in the words that the catalogues have. */

const KINDS = ["chat", "embedding", "rerank", "extractive"] as const;

export type Kind = (typeof KINDS)[number];

export function kindOf(kind: string): Kind {
  return KINDS.find((one) => one === kind) ?? "chat";
}
