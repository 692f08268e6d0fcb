/** Between the ways of answering that the menu shows and the choice that the gateway keeps. */
import type { Choice } from "~/api/conversations";
import type { Model } from "~/api/shapes";

/** The model whose way is chosen; null where the question's language decides. */
export function chosenModel(models: readonly Model[], { model, mode }: Choice): Model | null {
  if (mode === "quotations") return models.find((one) => one.kind === "extractive") ?? null;
  return models.find((one) => one.name === model) ?? null;
}

/** The choice with another way of answering; quotations need documents to quote from. */
export function withModel(choice: Choice, model: Model | null): Choice {
  if (model?.kind !== "extractive") return { ...choice, mode: "model", model: model?.name ?? null };
  const searched = choice.collections?.length === 0 ? null : choice.collections;
  return { mode: "quotations", model: null, collections: searched };
}

/** Whether answers may be asked for without any documents. */
export function mayAskWithoutDocuments(models: readonly Model[], choice: Choice): boolean {
  return choice.mode === "model" && models.some((one) => one.kind === "chat");
}
