/** Shows a message that was searched for: in view, with the words marked. */
import { useEffect } from "react";
import type { List } from "./useReading";

const NAME = "found";
const SETTLED = 3_000; // milliseconds, after which nothing of the message is still being drawn

/** `message` is brought into view once it is here; `words` are marked in it, whatever their case. */
export function useFound(list: List, isHere: boolean, message: string | null, words: string): void {
  useEffect(() => {
    const found = message === null ? null : list.current?.querySelector(`[id="m-${CSS.escape(message)}"]`);
    if (!isHere || found === null || found === undefined) return undefined;
    const show = () => mark(found, words);
    const drawing = new MutationObserver(show);
    drawing.observe(found, { childList: true, subtree: true });
    const settled = setTimeout(() => drawing.disconnect(), SETTLED);
    const frame = requestAnimationFrame(() => {
      show();
      found.querySelector<HTMLElement>(".answer-heading")?.focus({ preventScroll: true });
      found.scrollIntoView({ block: "start" });
    });
    found.classList.add("sought");
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(settled);
      drawing.disconnect();
      found.classList.remove("sought");
      CSS.highlights.delete(NAME);
    };
  }, [list, isHere, message, words]);
}

function mark(inside: Element, words: string): void {
  CSS.highlights.set(NAME, new Highlight(...rangesOf(inside, words)));
}

/** Where the words stand in one text node or another. */
function rangesOf(inside: Element, words: string): Range[] {
  const sought = words.toLocaleLowerCase("sv");
  const ranges: Range[] = [];
  if (sought === "") return ranges;
  const walker = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = (node.nodeValue ?? "").toLocaleLowerCase("sv");
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + sought.length, node.nodeValue?.length ?? 0));
      ranges.push(range);
    }
  }
  return ranges;
}
