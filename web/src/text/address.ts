/** Addresses that others wrote: which may be opened at all, and how they are shown before they are. */

export type Address = Readonly<{ href: string; host: string; long: boolean }>;

const LONG = 120;

/** The address in full and its host; null for anything but the web and mail. */
export function readAddress(href: string): Address | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  if (url.protocol === "mailto:") return { href: url.href, host: url.pathname, long: url.search.length > LONG };
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return { href: url.href, host: url.host, long: (url.pathname + url.search + url.hash).length > LONG };
}
