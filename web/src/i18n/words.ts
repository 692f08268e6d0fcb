/** The words of the page: an area's come with the area, in the language chosen and in Swedish, which all else falls back on. */
import { type i18n, createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Area } from "./catalogue";
import conversation from "./sv/conversation.json";
import shell from "./sv/shell.json";

/** A language's code, `sv` or one of the operator's. */
export type Language = string;

/** A language that can be chosen, by its own name. */
export type Choice = Readonly<{ code: Language; name: string }>;

/** The operator's words: further languages, or other texts in those that are built in (whose `name` is null). */
export type OwnWords = Readonly<{
  languages: readonly Readonly<{ code: Language; name: string | null }>[];
  fetch: (language: Language) => Promise<object>;
}>;

const BUILT_IN: readonly Choice[] = [
  { code: "sv", name: "Svenska" },
  { code: "en", name: "English" },
];

export type Words = Readonly<{
  i18n: i18n;
  choices: readonly Choice[];
  /** Fetches the words of an area, before anything of it is drawn. */
  need: (area: Area) => Promise<void>;
  /** Changes the language, once the words of every area in use are here. */
  speak: (language: Language) => Promise<void>;
}>;

const FETCHED = import.meta.glob<object>(["./*/*.json", "!./sv/shell.json", "!./sv/conversation.json"], { import: "default" });

/** Words that are ready in `language`, or in Swedish where there is no such language. */
export async function openWords(language: Language, own: OwnWords): Promise<Words> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: "sv",
    fallbackLng: "sv",
    resources: { sv: { translation: structuredClone({ ...shell, ...conversation }) } }, // others are laid over them
    interpolation: { escapeValue: false }, // React escapes
  });
  const words = wordsOf(instance, own);
  await words.speak(words.choices.some(({ code }) => code === language) ? language : "sv");
  return words;
}

function wordsOf(instance: i18n, own: OwnWords): Words {
  const inUse = new Set<Area>(["shell", "conversation"]);
  const bring = bringerOf(instance, own);
  return {
    i18n: instance,
    choices: choicesOf(own),
    need: async (area) => {
      inUse.add(area);
      await Promise.all([bring("sv", area), bring(instance.language, area)]);
    },
    speak: async (language) => {
      const wanted = language === "sv" ? ["sv"] : ["sv", language];
      await Promise.all(wanted.flatMap((code) => [...inUse].map((area) => bring(code, area))));
      await instance.changeLanguage(language);
    },
  };
}

function choicesOf({ languages }: OwnWords): Choice[] {
  const named = (code: Language) => languages.find((one) => one.code === code)?.name;
  const further = languages.flatMap(({ code, name }) => (isBuiltIn(code) || name === null ? [] : [{ code, name }]));
  return [...BUILT_IN.map(({ code, name }) => ({ code, name: named(code) ?? name })), ...further];
}

function isBuiltIn(language: Language): boolean {
  return BUILT_IN.some(({ code }) => code === language);
}

/** Brings the words of an area, once: the built-in ones, and over them the operator's. */
function bringerOf(instance: i18n, own: OwnWords): (language: Language, area: Area) => Promise<void> {
  const coming = new Map<string, Promise<void>>();
  const lay = (language: Language, words: object) => {
    instance.addResourceBundle(language, "translation", words, true, true);
  };
  const once = (key: string, work: () => Promise<void>) => {
    const known = coming.get(key) ?? work();
    coming.set(key, known);
    known.catch(() => coming.delete(key)); // so that the next one tries again
    return known;
  };
  return (language, area) =>
    once(`./${language}/${area}.json`, async () => {
      const [builtIn, over] = await Promise.all([FETCHED[`./${language}/${area}.json`]?.(), ownOf(own, language)]);
      if (builtIn !== undefined) lay(language, builtIn);
      if (over !== null) lay(language, over);
    });
}

/** The operator's words in a language; without those in a built-in one the page is still whole. */
async function ownOf(own: OwnWords, language: Language): Promise<object | null> {
  if (!own.languages.some(({ code }) => code === language)) return null;
  try {
    return await own.fetch(language);
  } catch (fault) {
    if (isBuiltIn(language)) return null;
    throw fault;
  }
}
