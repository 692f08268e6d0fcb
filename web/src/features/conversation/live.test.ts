import { expect, test } from "vitest";
import type { Message, Tree } from "~/api/shapes";
import { type Live, changeLive, followed, shown } from "./live";
import { withExchange } from "./tree";

const NOW = "2026-11-29T12:00:00Z";
const EMPTY: Tree = { id: "t", title: "", leaf: null, messages: [], model: null, collections: null, mode: "model", created: NOW, updated: NOW };

function begun(id: string): Message {
  const asked = { conversation: "t", question: `q-${id}`, answer: id, model: "skrivare", kind: "chat", forgotten: 0, call: "c" };
  const { messages } = withExchange(EMPTY, { begun: asked, text: "Hej?", parent: null, now: NOW });
  const found = messages.find((message) => message.id === id);
  if (found === undefined) throw new Error("it was not begun");
  return found;
}

function after(...ids: string[]): Live | null {
  return ids.reduce<Live | null>((live, id) => {
    const open = changeLive(live, { type: "begun", message: begun(id) });
    return changeLive(open, { type: "grew", id, event: { type: "delta", text: `text of ${id}` } });
  }, null);
}

test("what was followed before is shown until the server's copy that has ended is here", () => {
  const live = after("one", "two", "three");
  const texts = ["one", "two", "three"].map((id) => shown(begun(id), followed(id, live)).text);
  expect(texts).toEqual(["text of one", "text of two", "text of three"]);
  expect(shown({ ...begun("one"), state: "complete", text: "kept" }, followed("one", live)).text).toBe("kept");
});

test("what is told of an answer that is no longer followed changes nothing", () => {
  const live = after("one", "two");
  expect(changeLive(live, { type: "line", id: "one", line: "lost" })).toBe(live);
});

test("an answer that was never followed is shown as the server has it", () => {
  expect(shown(begun("other"), followed("other", after("one"))).text).toBe("");
});
