/** The page's one polite live region. */
import { type ReactNode, createContext, use, useCallback, useState } from "react";

type Announce = (text: string) => void;

const Context = createContext<Announce | null>(null);

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: "", turn: 0 });
  const announce = useCallback((text: string) => setSaid(({ turn }) => ({ text, turn: turn + 1 })), []);
  return (
    <Context value={announce}>
      {children}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output is the result of a form, which this is not */}
      <div role="status" aria-live="polite" aria-atomic="true" className="only-heard">
        {/* a new element each time, so that the same words are said again */}
        <span key={said.turn}>{said.text}</span>
      </div>
    </Context>
  );
}

export function useAnnounce(): Announce {
  const announce = use(Context);
  if (announce === null) throw new Error("useAnnounce outside Announcer");
  return announce;
}
