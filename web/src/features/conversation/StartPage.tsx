/** Where one begins: a greeting, the first question, tasks to start from, and what was talked about last. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "~/api/conversations";
import { Icon } from "~/ui/Icon";
import { useTitle } from "~/ui/useTitle";
import { VaultArches } from "~/ui/Vault";
import { Dock, type Library } from "./Dock";
import { HistoryLink } from "./HistoryLink";
import { StarterTasks } from "./StarterTasks";
import { useAsking } from "./useAsking";
import { useConversations } from "./useHistory";
import "./conversation.css";
import "./history.css";

const UNCHOSEN: Choice = { model: null, collections: null, mode: "model" };
const LATEST = 4;

type Props = { library: Library; hasHistoryBeside: boolean; onBegin: (text: string, choice: Choice) => Promise<void> };

export function StartPage({ library, hasHistoryBeside, onBegin }: Props) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState(UNCHOSEN);
  const asking = useAsking(null, (text) => onBegin(text, choice));
  const canWrite = library.models.some((one) => one.kind === "chat" && one.writes_swedish);
  useTitle(t("ask.title"));
  return (
    <div className="ask ask-empty">
      <div className="greeting">
        <VaultArches />
        <h1 tabIndex={-1}>{t("ask.heading")}</h1>
        <p>{t("ask.lead")}</p>
      </div>
      <Dock
        asking={asking}
        library={library}
        choice={choice}
        onChoose={setChoice}
        isWriting={false}
        isStopping={false}
        onStop={() => undefined}
      />
      <StarterTasks canWrite={canWrite} onChoose={asking.begin} />
      {!hasHistoryBeside && <Latest />}
    </div>
  );
}

function Latest() {
  const { t } = useTranslation();
  const { data } = useConversations();
  const items = data?.pages[0]?.items.slice(0, LATEST) ?? [];
  if (items.length === 0) return null;
  return (
    <section className="latest" aria-labelledby="latest">
      <h2 id="latest">{t("history.latest")}</h2>
      <ol className="history-list">
        {items.map((each) => (
          <li key={each.id}>
            <HistoryLink conversation={each} />
          </li>
        ))}
      </ol>
      <Link className="text-button" to="/samtal">
        <Icon name="list" />
        {t("history.all")}
      </Link>
    </section>
  );
}
