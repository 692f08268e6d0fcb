import { expect, test } from "vitest";
import { richText } from "./rich";

test("structure is kept for Word and Outlook", () => {
  const html = richText("# Svar\n\nTvå **dagar** [1].\n\n1. Ett\n2. Två\n\n| A | B |\n|---|---|\n| c | d |\n");
  expect(html).toBe(
    "<h2>Svar</h2><p>Två <strong>dagar</strong> [1].</p><ol><li><p>Ett</p></li><li><p>Två</p></li></ol>" +
      "<table><tr><td>A</td><td>B</td></tr><tr><td>c</td><td>d</td></tr></table>",
  );
});

test("nothing in an answer becomes markup, an image or a script", () => {
  const html = richText('<img src=x onerror=alert(1)> ![bild](https://evil.example/x.gif) [x](javascript:alert(1)) `<b>` "a & b"');
  expect(html).not.toContain("<img");
  expect(html).not.toContain("evil.example");
  expect(html).not.toContain("javascript:");
  expect(html).toContain("<code>&lt;b&gt;</code>");
  expect(html).toContain("a &amp; b");
});

test("a link that leads to the web stays one", () => {
  expect(richText("[Valv](https://valv.example/a?b=1&c=2)")).toBe(
    '<p><a href="https://valv.example/a?b=1&amp;c=2">Valv</a></p>',
  );
});
