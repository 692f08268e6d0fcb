/** Everything that the pages stand in. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { I18nextProvider } from "react-i18next";
import type { Words } from "~/i18n/words";
import { PreferencesProvider, usePreferences } from "~/preferences/PreferencesProvider";
import type { Preferences } from "~/preferences/preferences";
import { Announcer } from "~/ui/Announcer";
import type { House } from "./build";
import type { buildRouter } from "./router";

// the widgets have words in Swedish and English; dates and numbers are Swedish in every other language
const LOCALES: Readonly<Record<string, string>> = { en: "en-GB" };

type Props = {
  house: House;
  router: ReturnType<typeof buildRouter>;
  words: Words;
  preferences: Preferences;
  storage: Storage;
};

export function App({ house, router, words, preferences, storage }: Props) {
  return (
    <I18nextProvider i18n={words.i18n}>
      <PreferencesProvider initial={preferences} words={words} storage={storage}>
        <Spoken>
          <QueryClientProvider client={house.queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Spoken>
      </PreferencesProvider>
    </I18nextProvider>
  );
}

/** The widgets' own words in the language chosen, and the one live region. */
function Spoken({ children }: { children: ReactNode }) {
  const { preferences } = usePreferences();
  return (
    <I18nProvider locale={LOCALES[preferences.language] ?? "sv-SE"}>
      <Announcer>{children}</Announcer>
    </I18nProvider>
  );
}
