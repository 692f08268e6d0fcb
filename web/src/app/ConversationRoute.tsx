/** A conversation by its own address, with the source that is open beside it. */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Suspense, lazy, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import type { Tree } from "~/api/shapes";
import { ConversationPage } from "~/features/conversation/ConversationPage";
import { useSought } from "~/features/conversation/HistoryContext";
import { type Talk, useTalk } from "~/features/conversation/useTalk";
import { usePreferences } from "~/preferences/PreferencesProvider";
import type { Citation } from "~/stream/events";
import { Page } from "~/ui/Page";
import { useMedia } from "~/ui/useMedia";
import { Unfetched } from "./Unfetched";
import { useLibrary } from "./useLibrary";

const PassagePanel = lazy(async () => ({
  default: (await import("~/features/passage/PassagePanel")).PassagePanel,
}));

export function ConversationRoute() {
  const { conversation } = useParams({ from: "/talk/c/$conversation" });
  return <Conversation key={conversation} conversation={conversation} />;
}

function Conversation({ conversation }: { conversation: string }) {
  const { t } = useTranslation();
  const { m = null } = useSearch({ from: "/talk/c/$conversation" });
  const talk = useTalk(conversation, m);
  if (talk.missing !== null) return <Missing fault={talk.missing} onRetry={talk.reload} />;
  if (talk.tree === null) return <p className="opening" aria-busy="true">{t("talk.loading")}</p>;
  return <Open talk={talk} tree={talk.tree} sought={m} />;
}

function Open({ talk, tree, sought }: { talk: Talk; tree: Tree; sought: string | null }) {
  const { words } = useSought();
  const { preferences } = usePreferences();
  const { library, fault, retry } = useLibrary();
  const isNarrow = useMedia("(max-width: 64rem)");
  const source = useOpenSource();
  return (
    <div className={source.citation === null || isNarrow ? "room" : "room room-split"}>
      <div>
        {fault !== null && <Unfetched fault={fault} onRetry={retry} />}
        <ConversationPage
          talk={talk}
          tree={tree}
          library={library}
          sought={sought}
          words={sought === null ? "" : words.trim()}
          readAloud={preferences.readAloud}
          onOpen={source.open}
        />
      </div>
      {source.citation !== null && (
        <Suspense fallback={null}>
          <PassagePanel citation={source.citation} isNarrow={isNarrow} onClose={source.close} />
        </Suspense>
      )}
    </div>
  );
}

/** Another person's, a deleted one and one that never was are the same. */
function Missing({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  const isGone = problemOf(fault).status === 404;
  return (
    <Page title={isGone ? t("talk.gone") : t("talk.unread")}>
      {isGone ? <p>{t("talk.goneText")}</p> : <Unfetched fault={fault} onRetry={onRetry} />}
      <p>
        <Link className="button" to="/">
          {t("history.new")}
        </Link>
      </p>
    </Page>
  );
}

/** The citation whose source is open; closing it gives the focus back to what opened it. */
function useOpenSource() {
  const [citation, setCitation] = useState<Citation | null>(null);
  const opener = useRef<Element | null>(null);
  const open = useCallback((chosen: Citation) => {
    opener.current = document.activeElement;
    setCitation(chosen);
  }, []);
  const close = () => {
    setCitation(null);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return { citation, open, close };
}
