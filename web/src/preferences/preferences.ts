/** What a person prefers on this device: never content, so it may outlive the session. */
import { fromJson, isRecord } from "~/api/decode";
import type { Language } from "~/i18n/words";

export type Theme = "system" | "light" | "dark";

export type Preferences = Readonly<{ language: Language; theme: Theme; readAloud: boolean }>;

const KEY = "valv.preferences";

export function readPreferences(storage: Storage): Preferences {
  const stored = fromJson(storage.getItem(KEY) ?? "");
  const { language, theme, readAloud } = isRecord(stored) ? stored : {};
  return {
    language: language === "en" ? "en" : "sv",
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
  root.dataset["theme"] = theme;
}
