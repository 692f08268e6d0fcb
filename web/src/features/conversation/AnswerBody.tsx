/** What an answer says, and where it says it from. */
import { Suspense, lazy } from "react";
import { useTranslation } from "react-i18next";
import { type Answer, isSilent } from "~/stream/answer";
import type { Citation } from "~/stream/events";
import type { OpenCitation } from "~/text/CiteChip";
import { harmless } from "~/text/harmless";
import { Icon } from "~/ui/Icon";
import { Origin, Quotes } from "./Quotes";

const Markdown = lazy(() => import("~/text/Markdown"));

type Props = { answer: Answer; onOpen: OpenCitation };

export function AnswerBody({ answer, onOpen }: Props) {
  const { kind, text, citations } = answer;
  if (text === "" || isSilent(answer)) return null;
  if (kind === "extractive") return <Quotes text={text} citations={citations} onOpen={onOpen} />;
  return (
    <>
      <Suspense fallback={<p className="prose plain">{harmless(text)}</p>}>
        <Markdown text={text} citations={citations} onOpen={onOpen} />
      </Suspense>
      <Sources citations={citations} onOpen={onOpen} />
    </>
  );
}

function Sources({ citations, onOpen }: { citations: readonly Citation[]; onOpen: OpenCitation }) {
  const { t } = useTranslation();
  if (citations.length === 0) return null;
  return (
    <section className="sources">
      <h3>{t("answer.sources")}</h3>
      <ul>
        {citations.map((citation) => (
          <li key={citation.index}>
            <Origin citation={citation} onOpen={onOpen} />
            <p className="source-quote">{harmless(citation.quote)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the answer ended, where that needs saying. */
export function Ending({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  if (answer.at === "stopped") {
    return <p className="ending">{answer.text === "" ? t("answer.stoppedEmpty") : t("answer.stopped")}</p>;
  }
  if (answer.at !== "done") return null;
  return (
    <>
      {answer.finish === "length" && <p className="ending">{t("answer.truncated")}</p>}
      {!answer.supported && <Unsupported title={isSilent(answer) ? t("answer.silent") : t("answer.unsupported")} />}
    </>
  );
}

function Unsupported({ title }: { title: string }) {
  const { t } = useTranslation();
  return (
    <div className="note">
      <Icon name="info" />
      <div>
        <p className="note-title">{title}</p>
        <p>{t("answer.unsupportedAdvice")}</p>
      </div>
    </div>
  );
}
