/** A key that is being described, and what is missing in the description. */
import type { Wish } from "~/api/keys";
import { SCOPES, type Scope } from "./keys";

export const LIFETIMES = [7, 30, 90, 180, 365] as const;

/** `models` counts only where not all are let. */
export type Draft = Readonly<{
  name: string;
  scopes: readonly Scope[];
  letsAll: boolean;
  models: readonly string[];
  days: number;
}>;

export const FIRST: Draft = { name: "", scopes: SCOPES, letsAll: true, models: [], days: 90 };

export type Field = "name" | "scopes" | "models";

export function missing({ name, scopes, letsAll, models }: Draft): Field | null {
  if (name.trim() === "") return "name";
  if (scopes.length === 0) return "scopes";
  return !letsAll && models.length === 0 ? "models" : null;
}

export function wishOf({ name, scopes, letsAll, models, days }: Draft): Wish {
  return { name: name.trim(), scopes, models: letsAll ? [] : models, days };
}

/** The same list with `one` in it or not. */
export function toggled<Item>(list: readonly Item[], one: Item): readonly Item[] {
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
}
