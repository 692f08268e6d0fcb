/** Tables for spreadsheets, in which no cell becomes a formula. */

export type Cell = string | number | null;

/** RFC 4180, with `separator` between cells; begins with a mark by which spreadsheets know it as UTF-8. */
export function csv(rows: readonly (readonly Cell[])[], separator: string): string {
  return `\uFEFF${rows.map((row) => row.map((cell) => written(cell, separator)).join(separator)).join("\r\n")}\r\n`;
}

function written(cell: Cell, separator: string): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const harmless = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell;
  return [separator, '"', "\n", "\r"].some((sign) => harmless.includes(sign)) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
