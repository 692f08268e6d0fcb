/** Sizes of files in words. */

const UNITS = ["byte", "kilobyte", "megabyte"] as const;

/** "512 byte", "34 kB", "1,2 MB", in the language's own way. */
export function sizeIn(bytes: number, language: string): string {
  const rank = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1000 ** rank;
  const maximumFractionDigits = rank > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit: UNITS[rank], maximumFractionDigits }).format(value);
}
