/** What an answer says, and where it says it from. */
import { Suspense, lazy } from "react";
import { useTranslation } from "react-i18next";
import { type Answer, isOver, isSilent } from "~/stream/answer";
import type { Citation } from "~/stream/events";
import type { OpenCitation } from "~/text/CiteChip";
import { hasMarker, material } from "~/text/citations";
import { harmless } from "~/text/harmless";
import { languageOf } from "~/text/language";
import { Icon } from "~/ui/Icon";
import { Origin, Quotes } from "./Quotes";

const Markdown = lazy(() => import("~/text/Markdown"));

type Props = { answer: Answer; onOpen: OpenCitation };

export function AnswerBody({ answer, onOpen }: Props) {
  const { kind, text, citations } = answer;
  if (text === "" || isSilent(answer)) return null; // what it says then is said by its ending
  if (kind === "extractive") return <Quotes text={text} citations={citations} onOpen={onOpen} />;
  return (
    <>
      <Suspense fallback={<p className="prose plain">{harmless(text)}</p>}>
        <Markdown text={text} citations={citations} onOpen={onOpen} />
      </Suspense>
      {isOver(answer) && <Material text={text} citations={citations} onOpen={onOpen} />}
    </>
  );
}

type MaterialProps = { text: string; citations: readonly Citation[]; onOpen: OpenCitation };

/** The sources that the answer names, and apart from them what it was written with and doesn't name. */
function Material({ text, citations, onOpen }: MaterialProps) {
  const { t } = useTranslation();
  const { named, unnamed } = material(text, citations);
  const rest = named.length === 0 ? "unnamedMaterial" : "otherMaterial";
  return (
    <>
      <Sources title={t("answer.sources")} citations={named} onOpen={onOpen} />
      <Sources title={t(`answer.${rest}`)} remark={t(`answer.${rest}Text`)} citations={unnamed} onOpen={onOpen} />
    </>
  );
}

type SourcesProps = {
  title: string;
  remark?: string;
  citations: readonly Citation[];
  heard?: string | undefined;
  onOpen: OpenCitation;
};

function Sources({ title, remark, citations, heard, onOpen }: SourcesProps) {
  if (citations.length === 0) return null;
  return (
    <section className="sources">
      <h3>{title}</h3>
      {remark !== undefined && <p className="sources-remark">{remark}</p>}
      <ul>
        {citations.map((citation) => (
          <li key={citation.index}>
            <Origin citation={citation} heard={heard} onOpen={onOpen} />
            <p className="source-quote" lang={languageOf(citation.quote) ?? undefined}>{harmless(citation.quote)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How the answer ended, where that needs saying. */
export function Ending({ answer, onOpen }: Props) {
  const { t } = useTranslation();
  if (answer.at === "stopped") {
    return <p className="ending">{answer.text === "" ? t("answer.stoppedEmpty") : t("answer.stopped")}</p>;
  }
  if (answer.at !== "done") return null;
  return (
    <>
      {answer.finish === "length" && <p className="ending">{t("answer.truncated")}</p>}
      {answer.supported ? <Sourceless answer={answer} /> : <Unsupported answer={answer} onOpen={onOpen} />}
    </>
  );
}

/** Said quietly of what a model wrote without any sources. */
function Sourceless({ answer: { kind, text, citations } }: { answer: Answer }) {
  const { t } = useTranslation();
  if (kind === "extractive" || text === "" || citations.length > 0) return null;
  return <p className="ending">{t(hasMarker(text) ? "answer.emptyMarkers" : "answer.noSources")}</p>;
}

/** That the documents don't answer; where nothing is said else, with where one may look. */
function Unsupported({ answer, onOpen }: Props) {
  const { t } = useTranslation();
  const isNothingSaid = isSilent(answer);
  return (
    <>
      <div className="note">
        <Icon name="info" />
        <div>
          <p className="note-title">{t(isNothingSaid ? "answer.silent" : "answer.unsupported")}</p>
          <p>{t("answer.unsupportedAdvice")}</p>
        </div>
      </div>
      {isNothingSaid && (
        <Sources
          title={t("answer.nearest")}
          remark={t("answer.nearestText")}
          citations={answer.citations}
          heard={t("answer.nearestPlace")}
          onOpen={onOpen}
        />
      )}
    </>
  );
}
