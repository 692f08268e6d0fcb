/** The catalogues: Swedish is built in, every other language is fetched when first chosen. */
import { type i18n, createInstance } from "i18next";
import { initReactI18next } from "react-i18next";
import swedish from "./sv.json";

export type Language = "sv" | "en";

export const LOCALES: Readonly<Record<Language, string>> = { sv: "sv-SE", en: "en-GB" };

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof swedish };
  }
}

/** A ready instance that speaks `language`. */
export async function buildI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: "sv",
    fallbackLng: "sv",
    resources: { sv: { translation: swedish } },
    interpolation: { escapeValue: false }, // React escapes
  });
  await speak(instance, language);
  return instance;
}

/** Changes the language, once its catalogue is here. */
export async function speak(instance: i18n, language: Language): Promise<void> {
  if (language === "en" && !instance.hasResourceBundle("en", "translation")) {
    const catalogue = await import("./en.json");
    instance.addResourceBundle("en", "translation", catalogue.default);
  }
  await instance.changeLanguage(language);
}
