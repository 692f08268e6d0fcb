/** Which of our words stand for what records say; what is not known is shown as it stands. */
import type { TFunction } from "i18next";
import { type Duration, duration } from "./figures";

export function eventName(t: TFunction, type: string): string {
  const key = `audit.types.${type.replaceAll(".", "_")}.name`;
  return said(t, key) ?? t("audit.unknownType");
}

export function eventMeaning(t: TFunction, type: string): string {
  const key = `audit.types.${type.replaceAll(".", "_")}.what`;
  return said(t, key) ?? t("audit.unknownWhat");
}

export function outcomeName(t: TFunction, status: string): string {
  return said(t, `audit.outcomes.${status}`) ?? status;
}

export function roleName(t: TFunction, role: string): string {
  return said(t, `audit.roles.${role}`) ?? role;
}

/** Why something was refused or failed, if there are words for it. */
export function reasonWords(t: TFunction, reason: string): string | null {
  return said(t, `audit.reasons.${reason}`);
}

/** How many of what is missing. */
export function gapCount(t: TFunction, kind: string, count: number): string {
  return said(t, `audit.verify.gaps.${kind}`, { count }) ?? `${count} ${kind}`;
}

export function spoken(t: TFunction, seconds: number): string {
  const { amount, unit }: Duration = duration(seconds);
  return `${amount} ${t(`audit.jobs.${unit}`)}`;
}

/** Words under a key that may not be there. */
function said(t: TFunction, key: string, values: { count?: number } = {}): string | null {
  const asked = { ...values, defaultValue: "" };
  const found = Reflect.apply<undefined, [string, typeof asked], string>(t, undefined, [key, asked]);
  return found === "" ? null : found;
}

/** A moment with its day and seconds. */
export function moment(language: string, iso: string): string {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return iso;
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: "short", timeStyle: "medium" }).format(then);
}

/** A moment to the minute, without its day when that is today. */
export function clock(t: TFunction, language: string, iso: string, now: Date): string {
  const then = new Date(iso);
  const isToday = then.toDateString() === now.toDateString();
  if (!isToday) return new Intl.DateTimeFormat(localeOf(language), { dateStyle: "short", timeStyle: "short" }).format(then);
  return t("audit.line.today", { time: new Intl.DateTimeFormat(localeOf(language), { timeStyle: "short" }).format(then) });
}

/** The day and the time of a moment, to stand above each other. */
export function dayAndTime(language: string, iso: string): readonly [string, string] {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return [iso, ""];
  const [day, time] = [{ dateStyle: "short" } as const, { timeStyle: "medium" } as const].map((style) =>
    new Intl.DateTimeFormat(localeOf(language), style).format(then),
  );
  return [day ?? "", time ?? ""];
}

export function amount(language: string, count: number): string {
  return new Intl.NumberFormat(localeOf(language)).format(count);
}

/** Days of English are written as they are in Europe. */
function localeOf(language: string): string {
  return language === "en" ? "en-GB" : language;
}
