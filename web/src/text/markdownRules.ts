/** What of markdown is let through, and how citations get into it: as trees, before anything is drawn. */
import type { Element, ElementContent, Root as HastRoot } from "hast";
import type { Root as MdastRoot, Paragraph, Text } from "mdast";
import { defaultSchema } from "rehype-sanitize";
import { SKIP, visit } from "unist-util-visit";
import type { Citation } from "~/stream/events";
import { pieces } from "./citations";
import { harmless } from "./harmless";

/** No ids, no classes from the model, and addresses that lead to the web or to a letter only. */
export const schema = {
  ...defaultSchema,
  clobberPrefix: "answer-",
  protocols: { ...defaultSchema.protocols, href: ["http", "https", "mailto"], src: ["https"] },
};

/**
 * Makes text of definitions and footnotes: a definition "[1]: https://…" in a model's answer could otherwise turn the
 * marker of a source into a link of its own choosing.
 */
export function noReferences() {
  return (tree: MdastRoot) =>
    visit(tree, (node, index, parent) => {
      if (parent === undefined || index === undefined) return undefined;
      if (node.type === "footnoteReference") parent.children[index] = text(`[^${node.identifier}]`);
      if (node.type === "definition") parent.children[index] = paragraph(`[${node.identifier}]: ${node.url}`);
      if (node.type !== "footnoteDefinition") return undefined;
      parent.children.splice(index, 1, paragraph(`[^${node.identifier}]:`), ...node.children);
      return index + 1;
    });
}

function text(value: string): Text {
  return { type: "text", value };
}

function paragraph(value: string): Paragraph {
  return { type: "paragraph", children: [text(value)] };
}

/** Puts a <cite> in place of each marker whose source was returned. Runs after sanitising: no answer can write one. */
export function citeSources(citations: readonly Citation[]) {
  return () => (tree: HastRoot) =>
    visit(tree, (node, index, parent) => {
      if (node.type === "element" && ["a", "code", "pre"].includes(node.tagName)) return SKIP;
      if (node.type !== "text" || parent === undefined || index === undefined) return undefined;
      const drawn = pieces(harmless(node.value), citations).map(draw);
      parent.children.splice(index, 1, ...drawn);
      return [SKIP, index + drawn.length];
    });
}

function draw(piece: ReturnType<typeof pieces>[number]): ElementContent {
  if (piece.is === "text") return { type: "text", value: piece.text };
  return cite(piece.citation.index);
}

function cite(index: number): Element {
  return { type: "element", tagName: "cite", properties: { dataSource: index }, children: [] };
}

/** Headings of an answer stand below the answer's own. */
export function demoted(level: 1 | 2 | 3 | 4 | 5 | 6): "h3" | "h4" | "h5" | "h6" {
  if (level <= 2) return "h3"; // models begin with either
  if (level === 3) return "h4";
  return level === 4 ? "h5" : "h6";
}
