import { expect, test } from "vitest";
import type { Message } from "~/api/shapes";
import { branch, leafUnder, withMessage, writingIn } from "./tree";

function message(id: string, parent: string | null, more: Partial<Message> = {}): Message {
  return {
    id,
    parent,
    role: id.startsWith("q") ? "user" : "assistant",
    text: id,
    state: "complete",
    created: "2026-01-01T00:00:00Z",
    call: "",
    model: null,
    kind: null,
    supported: null,
    citations: [],
    finish: null,
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    forgotten: 0,
    place: "0",
    problem: null,
    ...more,
  };
}

// q1 has the answers a1 and b1; a1 goes on with q2, which was asked otherwise as q3
const MESSAGES = [
  message("q1", null),
  message("a1", "q1"),
  message("q2", "a1"),
  message("a2", "q2"),
  message("b1", "q1"),
  message("q3", "a1"),
  message("a3", "q3", { state: "writing" }),
];

function ids(leaf: string | null): string[] {
  return branch(MESSAGES, leaf).flatMap(({ question, answer }) => [question.id, answer?.id ?? "-"]);
}

test("the branch is the way from the first question to the leaf", () => {
  expect(ids("a2")).toEqual(["q1", "a1", "q2", "a2"]);
  expect(ids("b1")).toEqual(["q1", "b1"]);
});

test("a leaf that is not there is the newest one", () => {
  expect(ids("gone")).toEqual(["q1", "a1", "q3", "a3"]);
  expect(ids(null)).toEqual(["q1", "a1", "q3", "a3"]);
  expect(branch([], null)).toEqual([]);
});

test("a question without an answer yet is shown", () => {
  expect(ids("q2")).toEqual(["q1", "a1", "q2", "-"]);
});

test("each message knows which of its versions it is", () => {
  const [first, second] = branch(MESSAGES, "a3");
  expect(first?.questions).toEqual({ number: 1, count: 1, before: null, after: null });
  expect(first?.answers).toEqual({ number: 1, count: 2, before: null, after: "b1" });
  expect(second?.questions).toEqual({ number: 2, count: 2, before: "q2", after: null });
});

test("another version is opened at the newest end under it", () => {
  expect(leafUnder(MESSAGES, "a1")).toBe("a3");
  expect(leafUnder(MESSAGES, "q2")).toBe("a2");
  expect(leafUnder(MESSAGES, "b1")).toBe("b1");
});

test("only the end of the branch that is looked at is followed", () => {
  expect(writingIn(branch(MESSAGES, "a3"))?.id).toBe("a3");
  expect(writingIn(branch(MESSAGES, "b1"))).toBeNull();
  expect(writingIn([])).toBeNull();
});

test("a message that has changed takes its own place", () => {
  const stopped = message("a3", "q3", { state: "stopped", text: "Halva" });
  expect(withMessage(MESSAGES, stopped).map(({ text }) => text)).toEqual(["q1", "a1", "q2", "a2", "b1", "q3", "Halva"]);
});
