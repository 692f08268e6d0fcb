/** Opens Valv in the page. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "~/app/App";
import { build } from "~/app/build";
import { buildRouter } from "~/app/router";
import { openWords } from "~/i18n/words";
import { readPreferences, wear } from "~/preferences/preferences";
import "./tokens.css";
import "./base.css";

async function open(root: HTMLElement): Promise<void> {
  const storage = window.localStorage;
  const preferences = readPreferences(storage);
  wear(document.documentElement, preferences);
  const words = await openWords(preferences.language);
  const house = build(
    () => document.documentElement.lang,
    (request) => fetch(request),
    window.location.origin,
  );
  const router = buildRouter({ api: house.api, words });
  createRoot(root).render(
    <StrictMode>
      <App house={house} router={router} words={words} preferences={preferences} storage={storage} />
    </StrictMode>,
  );
  await warm();
}

/** Fetches what the first page shows a moment later, while it is being drawn. */
async function warm(): Promise<void> {
  await Promise.allSettled([
    import("~/features/account/AccountMenu"),
    import("~/features/conversation/CollectionMenu"),
    import("~/features/conversation/ModelMenu"),
  ]);
}

const root = document.getElementById("root");
if (root !== null) void open(root);
