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
  if (!known) return freeze([], text);
  const tail = text.slice(settled.length);
  const hasSameLines = wholeLines(tail) === wholeLines(before.tail); // then there is nothing more to freeze
  return hasSameLines ? { blocks: before.blocks, tail } : freeze(before.blocks, tail);
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** Freezes every block that a later line can't change: all but the last that consists of whole lines. */
function freeze(blocks: readonly string[], tail: string): Blocks {
  const starts = topLevelStarts(wholeLines(tail)).slice(1);
  if (starts.length === 0) return { blocks, tail };
  const cuts = [0, ...starts];
  const frozen = starts.map((end, position) => tail.slice(cuts[position], end));
  return { blocks: [...blocks, ...frozen], tail: tail.slice(cuts.at(-1)) };
}

const RULES = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

function topLevelStarts(text: string): number[] {
  if (text.trim() === "") return [];
  const tree = fromMarkdown(text, RULES);
  return tree.children.map((node) => node.position?.start.offset ?? 0);
}
