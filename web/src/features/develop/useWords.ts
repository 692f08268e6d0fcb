/** Numbers, days and names of languages as the language chosen writes them. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LEVELS } from "~/text/levels";

export function useWords() {
  const { t, i18n } = useTranslation();
  const locale = i18n.language === "en" ? "en-GB" : i18n.language;
  const formats = useMemo(() => formatsOf(locale), [locale]);
  const level = (name: string) => {
    const known = LEVELS.find((one) => one === name);
    return known === undefined ? name : t(`develop.levels.${known}`);
  };
  return { ...formats, level, locale };
}

function formatsOf(locale: string) {
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const languages = new Intl.DisplayNames([locale], { type: "language" });
  return {
    number: (value: number) => numbers.format(value),
    /** Seconds since the epoch, as a day where one is. */
    date: (seconds: number) => dates.format(seconds * 1000),
    /** A day of UTC such as 2026-11-22. */
    day: (day: string) => days.format(new Date(`${day}T00:00:00Z`)),
    language: (tag: string) => languages.of(tag) ?? tag,
  };
}
