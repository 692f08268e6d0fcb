/** Opens Valv in the page. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "~/app/App";
import { build } from "~/app/build";
import { buildRouter } from "~/app/router";
import { buildI18n } from "~/i18n/i18n";
import { readPreferences, wear } from "~/preferences/preferences";
import "./tokens.css";
import "./base.css";

async function open(root: HTMLElement): Promise<void> {
  const storage = window.localStorage;
  const preferences = readPreferences(storage);
  wear(document.documentElement, preferences);
  const i18n = await buildI18n(preferences.language);
  const house = build(
    () => document.documentElement.lang,
    (request) => fetch(request),
    window.location.origin,
  );
  const router = buildRouter({ api: house.api });
  createRoot(root).render(
    <StrictMode>
      <App house={house} router={router} i18n={i18n} preferences={preferences} storage={storage} />
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
