/** Markdown as the HTML of a clipboard: structure alone, no image, no address that leads anywhere but the web or a letter. */
import type { Nodes, Parents } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { readAddress } from "./address";

/** HTML that other programs can paste; everything in it is escaped. */
export function richText(markdown: string): string {
  return html(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
}

function html(node: Nodes): string {
  if ("children" in node) return withChildren(node);
  switch (node.type) {
    case "text":
      return escaped(node.value);
    case "inlineCode":
      return tag("code", escaped(node.value));
    case "code":
      return tag("pre", tag("code", escaped(node.value)));
    case "break":
      return "<br>";
    case "image":
      return escaped(node.alt ?? "");
    default:
      return ""; // HTML, and what only refers to something else
  }
}

function withChildren(node: Parents): string {
  const content = node.children.map((child) => html(child)).join("");
  if (node.type === "heading") return tag(`h${Math.min(node.depth + 1, 6)}`, content);
  if (node.type === "list") return tag(node.ordered === true ? "ol" : "ul", content);
  if (node.type === "link") return link(node.url, content);
  const name = TAGS.get(node.type);
  return name === undefined ? content : tag(name, content);
}

const TAGS = new Map<Nodes["type"], string>([
  ["paragraph", "p"],
  ["emphasis", "em"],
  ["strong", "strong"],
  ["delete", "s"],
  ["blockquote", "blockquote"],
  ["listItem", "li"],
  ["table", "table"],
  ["tableRow", "tr"],
  ["tableCell", "td"],
]);

function tag(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function link(url: string, content: string): string {
  const address = readAddress(url);
  return address === null ? content : `<a href="${escaped(address.href)}">${content}</a>`;
}

function escaped(text: string): string {
  return text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;").replace(/"/gu, "&quot;");
}
