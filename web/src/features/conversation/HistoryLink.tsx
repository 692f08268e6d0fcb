/** A conversation in a list: its title, and when it was last touched. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Conversation } from "~/api/shapes";
import { harmless } from "~/text/harmless";

export function HistoryLink({ conversation: { id, title, updated } }: { conversation: Conversation }) {
  const { i18n } = useTranslation();
  const day = new Intl.DateTimeFormat(i18n.language, { day: "numeric", month: "short", year: "numeric" });
  return (
    <Link className="history-link" to="/c/$conversation" params={{ conversation: id }}>
      <span className="history-title">{harmless(title)}</span>
      <time className="history-time" dateTime={updated}>
        {day.format(new Date(updated))}
      </time>
    </Link>
  );
}
