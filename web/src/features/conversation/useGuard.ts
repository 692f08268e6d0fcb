/** A look at what is to be sent, before it is: a courtesy, since the gateway decides and records. */
import { useState } from "react";
import { covered, personalNumbers } from "./personal";

type Send = (text: string) => void;

export type Guard = Readonly<{
  /** How many personal numbers stand in what waits; 0 where nothing waits. */
  found: number;
  /** Sends a text, or first asks whether to. */
  check: (text: string, send: Send) => void;
  sendCovered: (cover: string) => void;
  sendAnyway: () => void;
  leave: () => void;
}>;

export function useGuard(): Guard {
  const [held, setHeld] = useState<{ text: string; send: Send } | null>(null);
  const leave = () => setHeld(null);
  const release = (change: (text: string) => string) => {
    leave();
    held?.send(change(held.text));
  };
  return {
    found: held === null ? 0 : personalNumbers(held.text).length,
    check: (text, send) => (personalNumbers(text).length === 0 ? send(text) : setHeld({ text, send })),
    sendCovered: (cover) => release((text) => covered(text, cover)),
    sendAnyway: () => release((text) => text),
    leave,
  };
}
