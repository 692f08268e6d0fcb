import { expect, test } from "vitest";
import { unreachable } from "~/api/problem";
import { type Change, type Turn, change, openTurn } from "./conversation";

const ASKED = { question: "Vad gäller?", model: null, collections: null };

function after(...changes: readonly Change[]): readonly Turn[] {
  const none: readonly Turn[] = [];
  return changes.reduce(change, none);
}

test("a question waits for its answer until it has one", () => {
  expect(openTurn(after({ type: "asked", id: 1, asked: ASKED }))?.answer).toEqual({ at: "waiting" });
});

test("an event grows only the answer that it belongs to", () => {
  const start = { type: "start", call: "c", model: "m", kind: "chat" } as const;
  const turns = after(
    { type: "asked", id: 1, asked: ASKED },
    { type: "stopped", id: 1 },
    { type: "asked", id: 2, asked: ASKED },
    { type: "grew", id: 2, event: start },
    { type: "grew", id: 2, event: { type: "delta", text: "Ja" } },
  );
  expect(turns.map((turn) => turn.answer)).toMatchObject([
    { at: "stopped", text: "" },
    { at: "streaming", text: "Ja" },
  ]);
});

test("after a stop or a failure no turn is open", () => {
  expect(openTurn(after({ type: "asked", id: 1, asked: ASKED }, { type: "stopped", id: 1 }))).toBeNull();
  const failed = after({ type: "asked", id: 1, asked: ASKED }, { type: "failed", id: 1, problem: unreachable });
  expect(openTurn(failed)).toBeNull();
  expect(openTurn([])).toBeNull();
});

test("what a stopped line still delivers is not added", () => {
  const late = { type: "grew", id: 1, event: { type: "delta", text: "sent" } } as const;
  expect(after({ type: "asked", id: 1, asked: ASKED }, { type: "stopped", id: 1 }, late)[0]?.answer).toMatchObject({
    at: "stopped",
    text: "",
  });
});
