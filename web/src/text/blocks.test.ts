import { expect, test } from "vitest";
import { type Blocks, continueBlocks, noBlocks } from "./blocks";

const TEXT = [
  "# Rubrik\n\nEtt stycke med **fet** text\növer två rader.\n\n",
  "- en\n- två\n\n  fortsatt\n- tre\n\n1. första\n2. andra\n\n",
  "```python\n# inte en rubrik\n\nprint(1)\n```\n\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n> citat\n> vidare\n\nSlut 🙂 utan radbrytning",
].join("");

function fed(cuts: readonly number[]): Blocks {
  return [...cuts, TEXT.length].reduce((blocks, cut) => continueBlocks(blocks, TEXT.slice(0, cut)), noBlocks);
}

test("any way of cutting the stream gives the same blocks as the whole text", () => {
  const whole = fed([]);
  for (let cut = 0; cut <= TEXT.length; cut += 1) expect(fed([cut])).toEqual(whole);
  const everyCharacter = Array.from({ length: TEXT.length }, (_, position) => position);
  expect(fed(everyCharacter)).toEqual(whole);
}, 60_000);

test("no letter is lost or added", () => {
  const { blocks, tail } = fed([17, 80, 81, 120]);
  expect(blocks.join("") + tail).toBe(TEXT);
});

test("a fence that is still open stays whole in the tail", () => {
  const { blocks, tail } = continueBlocks(noBlocks, "Så här:\n\n```\nrad\n\n# inte rubrik\n\n");
  expect(blocks).toEqual(["Så här:\n\n"]);
  expect(tail.startsWith("```")).toBe(true);
});

test("a frozen block keeps its identity while the text grows", () => {
  const before = continueBlocks(noBlocks, "Ett.\n\nTvå.\n\n");
  const after = continueBlocks(before, "Ett.\n\nTvå.\n\nTre.\n\nFyra");
  expect(after.blocks.slice(0, before.blocks.length)).toEqual(before.blocks);
  expect(after.blocks.length).toBeGreaterThan(before.blocks.length);
});

test("a text that does not continue the former one starts afresh", () => {
  const before = continueBlocks(noBlocks, "Ett.\n\nTvå.\n");
  expect(continueBlocks(before, "Något annat")).toEqual({ blocks: [], tail: "Något annat" });
});
