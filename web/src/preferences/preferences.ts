/** What a person prefers on this device: never content, so it may outlive the session. */
import { fromJson, isRecord } from "~/api/decode";
import type { Language } from "~/i18n/words";

export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

export type Preferences = Readonly<{ language: Language; theme: Theme; readAloud: boolean }>;

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u;

/** Languages whose script runs from right to left; Yiddish is one of Sweden's national minority languages. */
const FROM_RIGHT = new Set(["ar", "ckb", "fa", "he", "ps", "ur", "yi"]);

const KEY = "valv.preferences";

export function readPreferences(storage: Storage): Preferences {
  const stored = fromJson(storage.getItem(KEY) ?? "");
  const { language, theme, readAloud } = isRecord(stored) ? stored : {};
  return {
    language: typeof language === "string" && LANGUAGE.test(language) ? language : "sv",
    theme: theme === "light" || theme === "dark" ? theme : "system",
    readAloud: readAloud === true,
  };
}

export function keepPreferences(storage: Storage, preferences: Preferences): void {
  storage.setItem(KEY, JSON.stringify(preferences));
}

/** Shows language and theme on the document itself. */
export function wear(root: HTMLElement, { language, theme }: Preferences): void {
  root.lang = language;
  root.dir = FROM_RIGHT.has(language.split("-")[0] ?? "") ? "rtl" : "ltr";
  root.dataset["theme"] = theme;
}
