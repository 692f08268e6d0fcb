/** Names by others where they can be deceived by: what does not show, or turns the direction of reading, is shown as a sign. */

// Unicode UAX 9: marks, embeddings, overrides and isolates; C0 and C1 controls; zero-width characters and the soft hyphen.
// oxlint-disable-next-line no-control-regex -- controls are what this looks for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A name on one line; an unseen character stands there as its number, ⟨202E⟩. */
export function visibleName(name: string): string {
  return name.replace(UNSEEN, (unseen) => `⟨${(unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}
