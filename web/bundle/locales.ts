/** Leaves out the widgets' words in languages that Valv does not speak. */
import type { Plugin } from "vite";

const WORDS = /\/react-(?:aria|stately)[^/]*\/.*\/intl\/.*\/([a-z]{2}-[A-Z]{2})\.m?js$/u;
const SPOKEN = new Set(["sv-SE", "en-US"]); // en-US stands in for en-GB

export function ownLocales(): Plugin {
  return {
    name: "own-locales",
    enforce: "pre",
    apply: "build",
    load: (id) => (isForeign(id) ? "export default {};" : null),
  };
}

/** Whether a module holds a widget's words in a language that is not spoken here. */
export function isForeign(id: string): boolean {
  const locale = WORDS.exec(id)?.[1];
  return locale !== undefined && !SPOKEN.has(locale);
}
