/** Opens Valv in the page. */
import "./tokens.css";
import "./base.css"; // before the styles of what is drawn, which are the later word
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { aboutQuery, fetchWords } from "~/api/about";
import { sessionQuery } from "~/api/session";
import { App } from "~/app/App";
import { type House, build } from "~/app/build";
import { buildRouter } from "~/app/router";
import { type OwnWords, openWords } from "~/i18n/words";
import { readPreferences, wear } from "~/preferences/preferences";
import { keepFocusInSight } from "~/ui/keepFocusInSight";

async function open(root: HTMLElement): Promise<void> {
  const storage = window.localStorage;
  const stored = readPreferences(storage);
  wear(document.documentElement, stored);
  const house = build(
    () => document.documentElement.lang,
    (request) => fetch(request),
    window.location.origin,
  );
  void house.queries.prefetchQuery(sessionQuery(house.api)); // on its way while the words are read
  const words = await openWords(stored.language, await ownWords(house));
  const preferences = { ...stored, language: words.i18n.language };
  wear(document.documentElement, preferences);
  const router = buildRouter({ api: house.api, usedAt: house.usedAt, words });
  createRoot(root).render(
    <StrictMode>
      <App house={house} router={router} words={words} preferences={preferences} storage={storage} />
    </StrictMode>,
  );
  keepFocusInSight(document);
  await warm();
}

/** What the operator has words for; where the gateway can't tell, the built-in languages have to do. */
async function ownWords({ queries, api }: House): Promise<OwnWords> {
  const known = await queries.fetchQuery(aboutQuery(api)).catch(() => null);
  return {
    languages: known?.languages ?? [],
    fetch: (language) =>
      queries.fetchQuery({
        queryKey: ["about", "words", language],
        queryFn: () => fetchWords(api, language),
        staleTime: Infinity,
      }),
  };
}

/** Fetches what the first page shows a moment later, and what must be here when the gateway is not. */
async function warm(): Promise<void> {
  await Promise.allSettled([
    import("~/features/account/AccountMenu"),
    import("~/features/conversation/CollectionMenu"),
    import("~/features/conversation/ModelMenu"),
    import("~/ui/WindowFrame"),
  ]);
}

const root = document.getElementById("root");
if (root !== null) void open(root);
