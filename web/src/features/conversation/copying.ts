/** An answer as it is taken along: its text, its sources, and that a machine made it. */
import type { Answer } from "~/stream/answer";
import { fileName, harmless } from "~/text/harmless";

export type CopyWords = Readonly<{
  sources: string;
  made: string;
  place: (name: string, page: number | null) => string;
}>;

/** The answer as markdown. */
export function asMarkdown({ text, citations }: Answer, words: CopyWords): string {
  const sources = citations.map(({ index, name, page }) => `- [${index}] ${escaped(words.place(fileName(name), page))}`);
  const parts = [harmless(text).trim(), sources.length === 0 ? "" : `${words.sources}:\n\n${sources.join("\n")}`, words.made];
  return parts.filter((part) => part !== "").join("\n\n");
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
