/** What all pages of conversations have around them: the history beside them where there is room for it. */
import { Outlet, useMatches } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { History } from "~/features/conversation/History";
import { HistoryContext } from "~/features/conversation/HistoryContext";
import { NewsContext, useNews } from "~/features/conversation/NewsContext";
import { useHasRoom } from "./useHasRoom";

export function TalkRoom() {
  const { t } = useTranslation();
  const tell = useNews();
  const [words, seek] = useState("");
  const hasRoom = useHasRoom();
  const isListed = useMatches({ select: (matches) => matches.at(-1)?.pathname === "/samtal" });
  return (
    <NewsContext value={tell}>
      <HistoryContext value={useMemo(() => ({ words, seek }), [words])}>
        <div className={hasRoom && !isListed ? "talk-room" : "talk-room talk-room-narrow"}>
          {hasRoom && !isListed && (
            <aside className="history-side" aria-label={t("history.title")}>
              <History />
            </aside>
          )}
          <Outlet />
        </div>
      </HistoryContext>
    </NewsContext>
  );
}
