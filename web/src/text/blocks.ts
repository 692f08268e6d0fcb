/** Splits markdown that is still growing, so that only its unfinished end is ever parsed again. */
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

/** `blocks` never change again; `tail` still may. Joined, they are the text, letter for letter. */
export type Blocks = Readonly<{ blocks: readonly string[]; tail: string }>;

export const noBlocks: Blocks = { blocks: [], tail: "" };

/** The blocks of `text`, which continues the text that `before` was made of (any other text starts afresh). */
export function continueBlocks(before: Blocks, text: string): Blocks {
  const settled = before.blocks.join("");
  const known = text.startsWith(settled);
  const blocks = known ? before.blocks : [];
  return freeze(blocks, known ? text.slice(settled.length) : text);
}

/** Freezes every block that a later line can't change: all but the last that consists of whole lines. */
function freeze(blocks: readonly string[], tail: string): Blocks {
  const lines = tail.slice(0, tail.lastIndexOf("\n") + 1);
  const starts = topLevelStarts(lines).slice(1);
  if (starts.length === 0) return { blocks, tail };
  const cuts = [0, ...starts];
  const frozen = starts.map((end, position) => tail.slice(cuts[position], end));
  return { blocks: [...blocks, ...frozen], tail: tail.slice(cuts.at(-1)) };
}

function topLevelStarts(text: string): number[] {
  if (text.trim() === "") return [];
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return tree.children.map((node) => node.position?.start.offset ?? 0);
}
