import { expect, test } from "vitest";
import { forgetUnsent, keepUnsent, readUnsent } from "./unsent";

class Memory implements Storage {
  readonly #kept = new Map<string, string>();
  [name: string]: unknown;
  get length(): number {
    return this.#kept.size;
  }
  clear(): void {
    this.#kept.clear();
  }
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#kept.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#kept.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }
}

test("what is typed in each place is kept apart", () => {
  const storage = new Memory();
  keepUnsent(storage, "alva/A", "", "En ny fråga");
  keepUnsent(storage, "alva/A", "c1", "En följdfråga");
  expect(readUnsent(storage, "alva/A", "")).toBe("En ny fråga");
  expect(readUnsent(storage, "alva/A", "c1")).toBe("En följdfråga");
  expect(readUnsent(storage, "alva/A", "c2")).toBeNull();
});

test("another person in the same tab sees nothing, and takes its place", () => {
  const storage = new Memory();
  keepUnsent(storage, "alva/A", "", "Hemligt");
  expect(readUnsent(storage, "alva/B", "")).toBeNull();
  keepUnsent(storage, "alva/B", "c1", "Annat");
  expect(readUnsent(storage, "alva/A", "")).toBeNull();
});

test("what the server has is forgotten here, and nothing is left of the last", () => {
  const storage = new Memory();
  keepUnsent(storage, "alva/A", "", "En ny fråga");
  keepUnsent(storage, "alva/A", "c1", "En följdfråga");
  forgetUnsent(storage, "");
  expect(readUnsent(storage, "alva/A", "c1")).toBe("En följdfråga");
  forgetUnsent(storage, "c1");
  expect(storage.length).toBe(0);
});

test("what another program left under the same name is nobody's", () => {
  const storage = new Memory();
  storage.setItem("valv.unsent", "[broken");
  expect(readUnsent(storage, "alva/A", "")).toBeNull();
});
