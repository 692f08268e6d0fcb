/** Preferences for the components below, kept and worn as soon as they change. */
import { type ReactNode, createContext, use, useCallback, useMemo, useState } from "react";
import type { Choice as LanguageChoice, Words } from "~/i18n/words";
import { type Preferences, keepPreferences, wear } from "./preferences";

type Choice = Readonly<{
  preferences: Preferences;
  /** The languages that can be chosen. */
  languages: readonly LanguageChoice[];
  prefer: (part: Partial<Preferences>) => void;
}>;

const Context = createContext<Choice | null>(null);

type Props = { initial: Preferences; words: Words; storage: Storage; children: ReactNode };

export function PreferencesProvider({ initial, words, storage, children }: Props) {
  const [preferences, setPreferences] = useState(initial);
  const prefer = useCallback(
    (part: Partial<Preferences>) => {
      const wanted = { ...preferences, ...part };
      void words.speak(wanted.language).then(() => {
        keepPreferences(storage, wanted);
        wear(document.documentElement, wanted);
        setPreferences(wanted);
      });
    },
    [words, preferences, storage],
  );
  return <Context value={useMemo(() => ({ preferences, languages: words.choices, prefer }), [preferences, words, prefer])}>{children}</Context>;
}

export function usePreferences(): Choice {
  const choice = use(Context);
  if (choice === null) throw new Error("usePreferences outside PreferencesProvider");
  return choice;
}
