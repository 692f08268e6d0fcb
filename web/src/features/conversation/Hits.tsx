/** Conversations that hold what is searched for, each with the place where it stands. */
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Hit } from "~/api/shapes";
import { harmless } from "~/text/harmless";
import { cutAt } from "~/text/points";
import { useAnnounce } from "~/ui/Announcer";
import { More, Unlisted } from "./History";
import { SHORTEST, useHits } from "./useHistory";

export function Hits({ words }: { words: string }) {
  const { t } = useTranslation();
  return words.trim().length < SHORTEST ? <p className="quiet">{t("history.short")}</p> : <Search words={words} />;
}

function Search({ words }: { words: string }) {
  const { t } = useTranslation();
  const { data, error, status, isFetching, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useHits(words);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  useCount(status === "success" && !isFetching ? items.length : null);
  if (status === "pending") return <p className="working" aria-busy="true">{t("history.searching")}</p>;
  if (status === "error") return <Unlisted fault={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Found items={items} />
      {hasNextPage && <More isFetching={isFetchingNextPage} onMore={() => void fetchNextPage()} />}
    </>
  );
}

function Found({ items }: { items: readonly Hit[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return <p className="quiet">{t("history.noHits")}</p>;
  return (
    <ol className="history-list">
      {items.map((hit) => (
        <li key={hit.conversation.id}>
          <HitLink hit={hit} />
        </li>
      ))}
    </ol>
  );
}

/** Tells in the polite region how much was found. */
function useCount(count: number | null): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  useEffect(() => {
    if (count !== null) announce(t("history.hits", { count }));
  }, [count, announce, t]);
}

function HitLink({ hit: { conversation, message, role, snippet, start, end } }: { hit: Hit }) {
  const { t } = useTranslation();
  const cut = cutAt(snippet, start, end);
  return (
    <Link
      className="history-link"
      to="/c/$conversation"
      params={{ conversation: conversation.id }}
      search={message === null ? {} : { m: message }}
    >
      <span className="history-title">{harmless(conversation.title)}</span>
      {role !== null && cut !== null && (
        <span className="history-snippet">
          <span className="history-role">{t(role === "user" ? "answer.question" : "answer.answer")}: </span>
          {harmless(cut.before)}
          <mark>{harmless(cut.marked)}</mark>
          {harmless(cut.after)}
        </span>
      )}
    </Link>
  );
}
