import { expect, test } from "vitest";
import { ProblemError, readProblem } from "~/api/problem";
import type { AnswerEvent } from "./events";
import { type Line, follow, pause } from "./follow";

const TEXT = "Återbruk är bra.";

/** The events behind a place in an answer, as the gateway makes them, cut off after `length` of them. */
function eventsBehind(after: string, length: number): ReadableStream<Uint8Array> {
  const letters = [...TEXT].slice(Number(after));
  const deltas = letters.map((letter, at) => `id: ${Number(after) + at + 1}\nevent: delta\ndata: {"text":"${letter}"}\n\n`);
  const end = `id: ${TEXT.length}.2\nevent: done\ndata: {"state":"complete","finish":"stop","supported":true}\n\n`;
  const bytes = new TextEncoder().encode([...deltas, end].slice(0, length).join(""));
  return new ReadableStream({
    start(out) {
      out.enqueue(bytes);
      out.close();
    },
  });
}

function run(open: (after: string, times: number) => Promise<ReadableStream<Uint8Array>>) {
  const seen = { text: "", ends: 0, lines: new Array<Line>(), waits: new Array<number>(), opened: 0 };
  const leaving = new AbortController();
  const send = (event: AnswerEvent) => {
    if (event.type === "delta") seen.text += event.text;
    if (event.type === "done") seen.ends += 1;
  };
  const following = follow("0", {
    open: (after) => open(after, (seen.opened += 1)),
    send,
    onLine: (line) => seen.lines.at(-1) === line || seen.lines.push(line),
    wait: async (time) => {
      seen.waits.push(time);
    },
    signal: leaving.signal,
  });
  return { seen, leaving, following };
}

test("a line that breaks after every event loses nothing and repeats nothing", async () => {
  const { seen, following } = run(async (after) => eventsBehind(after, 1));
  await following;
  expect(seen).toMatchObject({ text: TEXT, ends: 1 });
  expect(seen.lines.slice(0, 3)).toEqual(["open", "lost", "open"]);
});

test("a network that is gone is tried again, less and less often, until it is back", async () => {
  const { seen, following } = run(async (after, times) => {
    if (times < 5) throw new TypeError("Failed to fetch");
    return eventsBehind(after, 99);
  });
  await following;
  expect(seen.text).toBe(TEXT);
  expect(seen.waits).toEqual([500, 1000, 2000, 4000]);
  expect(seen.lines).toEqual(["lost", "open"]);
  expect(pause(20)).toBe(15_000);
});

test("what trying again can't mend is thrown at once", async () => {
  const { seen, following } = run(async () => {
    throw new ProblemError(readProblem({ slug: "not_logged_in" }, 401));
  });
  await expect(following).rejects.toThrow("not_logged_in");
  expect(seen.waits).toEqual([]);
});

test("who leaves is not followed", async () => {
  const { seen, leaving, following } = run(async () => {
    await Promise.resolve();
    leaving.abort();
    throw new DOMException("left", "AbortError");
  });
  await following;
  expect(seen).toMatchObject({ text: "", waits: [] });
});
