/** One's own conversations: searched, opened, named, deleted. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { HistoryLink } from "./HistoryLink";
import { MoreButton } from "./MoreButton";
import { useSought } from "./HistoryContext";
import { Hits } from "./Hits";
import { useConversations } from "./useHistory";
import "./history.css";

export function History() {
  const { t } = useTranslation();
  const { words, seek } = useSought();
  const field = useId();
  return (
    <div className="history">
      <Link className="button button-quiet history-new" to="/">
        <Icon name="plus" />
        {t("history.new")}
      </Link>
      <search className="history-search">
        <label className="only-heard" htmlFor={field}>
          {t("history.search")}
        </label>
        <Icon name="search" />
        <input
          id={field}
          className="text-field"
          type="search"
          autoComplete="off"
          placeholder={t("history.search")}
          value={words}
          onChange={(event) => seek(event.target.value)}
        />
      </search>
      {words.trim() === "" ? <All /> : <Hits words={words} />}
    </div>
  );
}

function All() {
  const { t } = useTranslation();
  const { data, error, status, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useConversations();
  if (status === "pending") return <p className="working" aria-busy="true">{t("history.loading")}</p>;
  if (status === "error") return <Unlisted fault={error} onRetry={() => void refetch()} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="quiet">{t("history.none")}</p>;
  return (
    <>
      <ol className="history-list">
        {items.map((each) => (
          <li key={each.id}>
            <HistoryLink conversation={each} />
            <MoreButton conversation={each} />
          </li>
        ))}
      </ol>
      {hasNextPage && <More isFetching={isFetchingNextPage} onMore={() => void fetchNextPage()} />}
    </>
  );
}

export function Unlisted({ fault, onRetry }: { fault: Error; onRetry: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <ProblemNote problem={problemOf(fault)}>
      <Button className="button button-quiet" onPress={onRetry}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}

export function More({ isFetching, onMore }: { isFetching: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button button-quiet" isDisabled={isFetching} onPress={onMore}>
      {t("history.further")}
    </Button>
  );
}
