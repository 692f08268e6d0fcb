/** The words of the page: an area's come with the area, in the language chosen and in Swedish, which all else falls back on. */
import { type i18n, createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Area } from "./catalogue";
import conversation from "./sv/conversation.json";
import shell from "./sv/shell.json";

export type Language = "sv" | "en";

export const LOCALES: Readonly<Record<Language, string>> = { sv: "sv-SE", en: "en-GB" };

export type Words = Readonly<{
  i18n: i18n;
  /** Fetches the words of an area, before anything of it is drawn. */
  need: (area: Area) => Promise<void>;
  /** Changes the language, once the words of every area in use are here. */
  speak: (language: Language) => Promise<void>;
}>;

const FETCHED = import.meta.glob<object>(["./*/*.json", "!./sv/shell.json", "!./sv/conversation.json"], { import: "default" });

/** Words that are ready in `language`. */
export async function openWords(language: Language): Promise<Words> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: "sv",
    fallbackLng: "sv",
    resources: { sv: { translation: { ...shell, ...conversation } } },
    interpolation: { escapeValue: false }, // React escapes
  });
  const words = wordsOf(instance);
  await words.speak(language);
  return words;
}

function wordsOf(instance: i18n): Words {
  const inUse = new Set<Area>(["shell", "conversation"]);
  const here = new Map<string, Promise<void>>();
  const bring = (language: string, area: Area) => {
    const key = `./${language}/${area}.json`;
    const coming = here.get(key) ?? fetchInto(instance, language, key);
    here.set(key, coming);
    coming.catch(() => here.delete(key)); // so that the next one tries again
    return coming;
  };
  const bringAll = (language: string) => Promise.all([...inUse].map((area) => bring(language, area)));
  return {
    i18n: instance,
    need: async (area) => {
      inUse.add(area);
      await Promise.all([bring("sv", area), bring(instance.language, area)]);
    },
    speak: async (language) => {
      await bringAll(language);
      await instance.changeLanguage(language);
    },
  };
}

async function fetchInto(instance: i18n, language: string, key: string): Promise<void> {
  const read = FETCHED[key];
  if (read !== undefined) instance.addResourceBundle(language, "translation", await read(), true, true);
}
