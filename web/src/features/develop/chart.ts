/** Usage as bars: one a day, a layer a key, in the order of how much each was used. */
import type { Figures } from "~/api/usage";
import type { Measure } from "./search";

/** Keys that get a layer of their own; what the others used is one more. */
export const LAYERS = 5;

type Used = Readonly<{ key: string | null; total: number; values: readonly number[] }>;

/** `key`: an id, null for the workspace, "rest" for all keys without a layer of their own; `tops`: where each day's part ends. */
export type Layer = Used & Readonly<{ tops: readonly number[] }>;

export type Chart = Readonly<{ days: readonly string[]; layers: readonly Layer[]; totals: readonly number[]; top: number }>;

export function chartOf(days: readonly string[], items: readonly Figures[], measure: Measure): Chart {
  const keys = [...new Set(items.map(({ key }) => key))];
  const all = keys.map((key) => layer(key, days, items, measure)).filter(({ total }) => total > 0);
  const sorted = all.toSorted((one, other) => other.total - one.total);
  const shown = sorted.length <= LAYERS + 1 ? sorted : [...sorted.slice(0, LAYERS), rest(days, sorted.slice(LAYERS))];
  const layers = shown.map((one, place) => ({ ...one, tops: sums(days, shown.slice(0, place + 1)) }));
  const totals = sums(days, shown);
  return { days, layers, totals, top: roundUp(Math.max(0, ...totals)) };
}

export function amount(item: Figures, measure: Measure): number {
  return measure === "anrop" ? item.calls : item.tokens_in + item.tokens_out;
}

function layer(key: string | null, days: readonly string[], items: readonly Figures[], measure: Measure): Used {
  const found = new Map<string, number>();
  const own = items.filter((item) => item.key === key);
  own.forEach((item) => found.set(item.day, (found.get(item.day) ?? 0) + amount(item, measure)));
  const values = days.map((day) => found.get(day) ?? 0);
  return { key, values, total: total(values) };
}

/** What all of these used each day. */
function sums(days: readonly string[], used: readonly Used[]): number[] {
  return days.map((_, place) => used.reduce((sum, { values }) => sum + (values[place] ?? 0), 0));
}

function rest(days: readonly string[], used: readonly Used[]): Used {
  const values = sums(days, used);
  return { key: "rest", values, total: total(values) };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The next of 1, 2, 4, 5 or 10 times a power of ten: a top that halves and quarters well; at least 4. */
export function roundUp(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 5, 10].find((times) => times * power >= most) ?? 10;
  return step * power;
}
