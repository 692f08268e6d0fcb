import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "src");

type Import = Readonly<{ from: string; to: string }>;

function imports(): Import[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/u.test(name));
  return files.flatMap((file) => {
    const found = readFileSync(join(SOURCES, file), "utf8").matchAll(/(?:from|import)\s*\(?"(~?\.{0,2}\/[^"]+)"/gu);
    return [...found].map((match) => ({ from: room(file), to: room(target(file, match[1] ?? "")) }));
  });
}

function target(file: string, specifier: string): string {
  if (specifier.startsWith("~/")) return specifier.slice(2);
  return relative(SOURCES, join(SOURCES, file, "..", specifier));
}

/** A feature is a room of its own, every other top folder one room. */
function room(path: string): string {
  const [top = "", name = ""] = path.split("/");
  return top === "features" ? `features/${name}` : top;
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  api: ["api", "ui"], // ui: the test of a problem's words
  stream: ["api", "stream"],
  i18n: ["i18n"],
  preferences: ["api", "i18n", "preferences"],
  ui: ["api", "ui"],
  text: ["stream", "text", "ui"],
};

test("rooms import only what lies below them, and no feature another", () => {
  const below = ["api", "stream", "i18n", "preferences", "text", "ui"];
  const wrong = imports().filter(({ from, to }) => {
    if (from === "app" || from === "main.tsx") return false;
    return ![...(ALLOWED[from] ?? below), from].includes(to);
  });
  expect(wrong).toEqual([]);
});

test("what carries the data imports nothing that draws", () => {
  const production = ["api", "stream"].flatMap((folder) =>
    readdirSync(join(SOURCES, folder)).filter((name) => !name.endsWith(".test.ts")).map((name) => join(folder, name)),
  );
  const drawing = production.filter((file) => /from "(?:~\/ui|react-aria|react-dom)/u.test(readFileSync(join(SOURCES, file), "utf8")));
  expect(drawing).toEqual([]);
});

test("the types of the interface are those of its published description", async () => {
  const drawn = astToString(await openapiTS(new URL("../openapi.json", import.meta.url)));
  expect(readFileSync(join(SOURCES, "api/schema.gen.ts"), "utf8").endsWith(drawn)).toBe(true);
});
