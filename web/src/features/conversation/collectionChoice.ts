/** Between what the menu has ticked and what is asked for: null stands for every collection, an empty list for none. */

export const EVERY = "every";
export const NONE = "none";

export function toKeys(chosen: readonly string[] | null): string[] {
  if (chosen === null) return [EVERY];
  return chosen.length === 0 ? [NONE] : chosen.map((id) => `c:${id}`);
}

/** The choice after the menu's ticks changed to `keys`; no tick at all means every collection. */
export function toChosen(before: readonly string[] | null, keys: readonly string[]): readonly string[] | null {
  const ids = keys.filter((key) => key.startsWith("c:")).map((key) => key.slice(2));
  if (isNew(EVERY, before, keys)) return null;
  if (isNew(NONE, before, keys)) return [];
  return ids.length === 0 ? null : ids;
}

/** Whether it was ticked just now. */
function isNew(key: string, before: readonly string[] | null, keys: readonly string[]): boolean {
  return keys.includes(key) && !toKeys(before).includes(key);
}
