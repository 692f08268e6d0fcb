/** Preferences for the components below, kept and worn as soon as they change. */
import { type ReactNode, createContext, use, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { speak } from "~/i18n/i18n";
import { type Preferences, keepPreferences, wear } from "./preferences";

type Choice = Readonly<{ preferences: Preferences; prefer: (part: Partial<Preferences>) => void }>;

const Context = createContext<Choice | null>(null);

type Props = { initial: Preferences; storage: Storage; children: ReactNode };

export function PreferencesProvider({ initial, storage, children }: Props) {
  const { i18n } = useTranslation();
  const [preferences, setPreferences] = useState(initial);
  const prefer = useCallback(
    (part: Partial<Preferences>) => {
      const wanted = { ...preferences, ...part };
      void speak(i18n, wanted.language).then(() => {
        keepPreferences(storage, wanted);
        wear(document.documentElement, wanted);
        setPreferences(wanted);
      });
    },
    [i18n, preferences, storage],
  );
  return <Context value={useMemo(() => ({ preferences, prefer }), [preferences, prefer])}>{children}</Context>;
}

export function usePreferences(): Choice {
  const choice = use(Context);
  if (choice === null) throw new Error("usePreferences outside PreferencesProvider");
  return choice;
}
