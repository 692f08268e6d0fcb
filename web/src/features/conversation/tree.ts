/** The branch of a conversation that is looked at: every message is kept, and the parents make a tree of them. */
import type { Begun } from "~/api/messages";
import type { Message, Tree } from "~/api/shapes";

/** One of several messages under the same parent: its number from 1, and its neighbours. */
export type Versions = Readonly<{ number: number; count: number; before: string | null; after: string | null }>;

export type Turn = Readonly<{
  question: Message;
  questions: Versions;
  answer: Message | null;
  answers: Versions;
}>;

/** The questions and answers on the way to a leaf, oldest first; the newest leaf where that one is not there. */
export function branch(messages: readonly Message[], leaf: string | null): Turn[] {
  const path = pathTo(messages, leaf) ?? pathTo(messages, messages.at(-1)?.id ?? null);
  const turns: Turn[] = [];
  for (const message of path ?? []) {
    const versions = versionsOf(messages, message);
    const last = turns.at(-1);
    if (message.role === "user") turns.push({ question: message, questions: versions, answer: null, answers: NONE });
    else if (last !== undefined) turns[turns.length - 1] = { ...last, answer: message, answers: versions };
  }
  return turns;
}

const NONE: Versions = { number: 0, count: 0, before: null, after: null };

/** From the first question to this message; null where there is no such message. */
function pathTo(messages: readonly Message[], id: string | null): Message[] | null {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  for (let here = byId.get(id ?? ""); here !== undefined; here = byId.get(here.parent ?? "")) path.push(here);
  return path.length === 0 ? null : path.toReversed();
}

function versionsOf(messages: readonly Message[], { id, parent }: Message): Versions {
  const ids = messages.filter((message) => message.parent === parent).map((message) => message.id);
  const here = ids.indexOf(id);
  return { number: here + 1, count: ids.length, before: ids[here - 1] ?? null, after: ids[here + 1] ?? null };
}

/** The end of the newest branch that goes through a message. */
export function leafUnder(messages: readonly Message[], id: string): string {
  const next = messages.findLast((message) => message.parent === id);
  return next === undefined ? id : leafUnder(messages, next.id);
}

/** The answer at the end of a branch that is still being written. */
export function writingIn(turns: readonly Turn[]): Message | null {
  const answer = turns.at(-1)?.answer ?? null;
  return answer?.state === "writing" ? answer : null;
}

/** The messages with one of them as it is now. */
export function withMessage(messages: readonly Message[], message: Message): Message[] {
  return messages.map((each) => (each.id === message.id ? message : each));
}

type Exchange = Readonly<{ begun: Begun; text: string; parent: string | null; now: string }>;

/** The conversation with a question that was just asked and the answer that is begun; the branch ends with them. */
export function withExchange(tree: Tree, { begun, text, parent, now }: Exchange): Tree {
  const question: Message = { ...BLANK, id: begun.question, parent, role: "user", text, state: "complete", created: now };
  const messages = [...tree.messages, question];
  return withAnswer({ ...tree, messages, title: tree.title === "" ? text : tree.title }, begun, now);
}

/** The conversation with another answer begun to one of its questions. */
export function withAnswer(tree: Tree, begun: Begun, now: string): Tree {
  const { answer: id, question: parent, model, kind, forgotten } = begun;
  const answer: Message = { ...BLANK, id, parent, created: now, model, kind, forgotten };
  const isKnown = tree.messages.some((message) => message.id === id);
  return { ...tree, leaf: id, messages: isKnown ? tree.messages : [...tree.messages, answer] };
}

const BLANK: Omit<Message, "id" | "parent" | "created"> = {
  role: "assistant",
  text: "",
  state: "writing",
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
};
