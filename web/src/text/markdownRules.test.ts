import { renderToStaticMarkup } from "react-dom/server";
import { createElement } from "react";
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { expect, test } from "vitest";
import type { Citation } from "~/stream/events";
import { citeSources, demoted, noReferences, schema } from "./markdownRules";

const SOURCE: Citation = { index: 1, document: "d", name: "D.pdf", page: 2, start: 0, end: 1, quote: "Q" };

function html(source: string): string {
  return renderToStaticMarkup(
    createElement(
      ReactMarkdown,
      {
        skipHtml: true,
        remarkPlugins: [remarkGfm, noReferences],
        rehypePlugins: [[rehypeSanitize, schema], citeSources([SOURCE])],
      },
      source,
    ),
  );
}

const CHIP = '<cite data-source="1"></cite>';

test("a marker with a source becomes a citation, in any block", () => {
  expect(html("Så [1].")).toBe(`<p>Så ${CHIP}.</p>`);
  expect(html("- **fet [1]**")).toContain(CHIP);
  expect(html("| a |\n|---|\n| b [1] |")).toContain(CHIP);
});

test("a marker without a source, in code or in a link stays text", () => {
  expect(html("Så [9].")).toBe("<p>Så [9].</p>");
  expect(html("`a[1]`")).toBe("<p><code>a[1]</code></p>");
  expect(html("[se [1]](https://a.example)")).not.toContain("<cite");
});

test("a definition can't turn a source's marker into a link", () => {
  const drawn = html("Så [1].\n\n[1]: https://evil.example/x");
  expect(drawn).toContain(`Så ${CHIP}.`);
  expect(drawn).not.toContain("href=\"https://evil.example/x\">1");
});

test("footnotes make neither links nor headings", () => {
  const drawn = html("Text[^a].\n\n[^a]: noten");
  expect(drawn).not.toMatch(/<(a|h2|section|sup)/u);
  expect(drawn).toContain("noten");
});

test("an answer can't write a citation of its own", () => {
  expect(html('<cite data-source="1"></cite>')).not.toContain("<cite");
});

test("no HTML, no script address and no id comes through", () => {
  const hostile = "<script>x</script><img src=x onerror=y> [a](javascript:x) [b](data:text/html,x) <b id=root>c</b>";
  const drawn = html(hostile);
  expect(drawn).not.toMatch(/<(script|img|b)|javascript:|data:|id=/u);
});

test("marks that turn the text's direction are gone", () => {
  expect(html("a\u202Eb")).toBe("<p>ab</p>");
});

test("headings stand below the answer's own", () => {
  expect([demoted(1), demoted(2), demoted(3), demoted(6)]).toEqual(["h3", "h3", "h4", "h6"]);
});
