/** An answer as it is taken along: its text, its sources, and that a machine made it. */
import type { Answer } from "~/stream/answer";
import type { Citation } from "~/stream/events";
import { material } from "~/text/citations";
import { fileName, harmless } from "~/text/harmless";

export type CopyWords = Readonly<{
  sources: string;
  /** Over what the answer was written with and doesn't refer to. */
  unnamed: string;
  made: string;
  place: (name: string, page: number | null) => string;
}>;

/** The answer as markdown. */
export function asMarkdown({ text, citations }: Answer, words: CopyWords): string {
  const { named, unnamed } = material(text, citations);
  const lists = [listed(words.sources, named, words), listed(words.unnamed, unnamed, words)];
  return [harmless(text).trim(), ...lists, words.made].filter((part) => part !== "").join("\n\n");
}

function listed(title: string, citations: readonly Citation[], { place }: CopyWords): string {
  if (citations.length === 0) return "";
  const items = citations.map(({ index, name, page }) => `- [${index}] ${escaped(place(fileName(name), page))}`);
  return `${title}:\n\n${items.join("\n")}`;
}

/** A file's name is text, whatever it looks like. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/gu, String.raw`\$&`);
}

/** Writes both forms to the clipboard; what makes the rich one is fetched when it is first needed. */
export async function copyAnswer(clipboard: Clipboard, answer: Answer, words: CopyWords): Promise<void> {
  const markdown = asMarkdown(answer, words);
  const rich = import("~/text/rich").then(({ richText }) => new Blob([richText(markdown)], { type: "text/html" }));
  const plain = new Blob([markdown], { type: "text/plain" });
  await clipboard.write([new ClipboardItem({ "text/html": rich, "text/plain": plain })]);
}
