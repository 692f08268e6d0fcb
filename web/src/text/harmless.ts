/** Text by others, with what could dress it up as something else taken out. */

// Unicode UAX 9: embeddings, overrides and isolates; C0 and C1 controls but tab and line feed; invisible joiners kept.
// oxlint-disable-next-line no-control-regex -- controls are what this looks for
const DECEPTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text without control characters and without marks that turn its direction. */
export function harmless(text: string): string {
  return text.replace(DECEPTIVE, "");
}

/** A file's name on one line. */
export function fileName(name: string): string {
  return harmless(name).replace(/\s+/gu, " ").trim();
}
