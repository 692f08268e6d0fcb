/** Between what the menu has ticked and what is asked for: null stands for every collection. */

export const EVERY = "every";

export function toKeys(chosen: readonly string[] | null): string[] {
  return chosen === null ? [EVERY] : chosen.map((id) => `c:${id}`);
}

/** The choice after the menu's ticks changed to `keys`; no tick at all means every collection. */
export function toChosen(before: readonly string[] | null, keys: readonly string[]): readonly string[] | null {
  const ids = keys.filter((key) => key !== EVERY).map((key) => key.slice(2));
  const everyWasJustTicked = before !== null && keys.includes(EVERY);
  return everyWasJustTicked || ids.length === 0 ? null : ids;
}
