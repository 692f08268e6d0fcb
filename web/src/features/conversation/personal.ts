/** Finds Swedish personal identity numbers in a text, as a courtesy before it is sent. */

const DIGITS = 10;
// 8 or 6 digits of birth, perhaps a sign, 4 more: not a part of a longer number
const SHAPE = /(?<![\d-])(?:18|19|20)?(\d{2})(\d{2})(\d{2})[-+ –]?(\d{4})(?![\d])/gu;

export type Range = Readonly<{ start: number; end: number }>;

/** Where personnummer and samordningsnummer stand; only those whose date and check digit are right. */
export function personalNumbers(text: string): Range[] {
  return [...text.matchAll(SHAPE)]
    .filter(([, year = "", month = "", day = "", last = ""]) => isDate(month, day) && isChecked(year + month + day + last))
    .map((found) => ({ start: found.index, end: found.index + found[0].length }));
}

/** The text with `cover` in place of each of them. */
export function covered(text: string, cover: string): string {
  let rest = 0;
  const kept = personalNumbers(text).map(({ start, end }) => {
    const before = text.slice(rest, start);
    rest = end;
    return before + cover;
  });
  return kept.join("") + text.slice(rest);
}

/** A samordningsnummer has 60 added to its day. */
function isDate(month: string, day: string): boolean {
  const [inYear, inMonth] = [Number(month), Number(day) % 60];
  return inYear >= 1 && inYear <= 12 && inMonth >= 1 && inMonth <= 31 && Number(day) <= 91;
}

/** Luhn's check digit (ISO/IEC 7812-1, annex B) over ten digits. */
function isChecked(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .map((digit, place) => (place % 2 === 0 ? digit * 2 : digit))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return digits.length === DIGITS && sum % 10 === 0;
}
