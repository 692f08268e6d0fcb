/** A page of a document with a passage marked in it. */
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { fileAddress } from "~/api/library";
import { problemOf } from "~/api/problem";
import type { DocumentPage } from "~/api/shapes";
import { fileName, harmless } from "~/text/harmless";
import { languageOf } from "~/text/language";
import { unwrap } from "~/text/lines";
import { type Cut, findPassage, unwrapped } from "~/text/points";
import { Icon, type IconName } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { useDocumentPage } from "./useDocumentPage";
import { useMarkInView } from "./useMarkInView";
import "./passage.css";

/** A place in a document: a 1-based page, and the passage on it in code points, with its words where they are known. */
export type Place = Readonly<{ document: string; page: number; start: number; end: number; quote: string }>;

type Props = { place: Place; more?: ReactNode };

export function Passage({ place, more }: Props) {
  const [page, setPage] = useState(place.page);
  const { t } = useTranslation();
  const read = useDocumentPage(place.document, page);
  if (read.status === "pending") return <p className="working">{t("passage.loading")}</p>;
  if (read.status === "error") return <Unread fault={read.error} onRetry={() => void read.refetch()} />;
  return (
    <>
      <PageText page={read.data} place={page === place.page ? place : null} />
      <Leaf page={read.data} cited={place.page} onLeaf={setPage} />
      <p className="actions">
        <a className="text-button" href={fileAddress(place.document)} download>
          <Icon name="save" />
          {t("passage.download")}
        </a>
        {more}
      </p>
    </>
  );
}

function Unread({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <ProblemNote problem={problemOf(fault)}>
      <Button className="button button-quiet" onPress={onRetry}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}

function PageText({ page, place }: { page: DocumentPage; place: Place | null }) {
  const { t } = useTranslation();
  const cut = place === null ? null : findPassage(page.text, place.quote, place.start, place.end);
  const box = useMarkInView(cut?.before);
  const label = t("passage.text", { page: page.page, name: fileName(page.name) });
  return (
    <>
      {place !== null && cut === null && <Missing quote={place.quote} />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so it must be reachable by keyboard */}
      <section ref={box} className="sheet" aria-label={label} tabIndex={0} lang={languageOf(page.text) ?? "sv"}>
        {cut === null ? harmless(unwrap(page.text)) || t("passage.empty") : <Marked cut={unwrapped(cut)} />}
      </section>
    </>
  );
}

function Marked({ cut }: { cut: Cut }) {
  const { t } = useTranslation();
  return (
    <>
      {harmless(cut.before)}
      <mark>
        <span className="only-heard">{t("passage.cited")}: </span>
        {harmless(cut.marked)}
      </mark>
      {harmless(cut.after)}
    </>
  );
}

function Missing({ quote }: { quote: string }) {
  const { t } = useTranslation();
  if (quote === "") return null;
  return (
    <div className="note">
      <Icon name="info" />
      <div>
        <p>{t("passage.missing")}</p>
        <blockquote>{harmless(quote)}</blockquote>
      </div>
    </div>
  );
}

type LeafProps = { page: DocumentPage; cited: number; onLeaf: (page: number) => void };

/** From page to page, and back to the one that was cited; nothing for a format without pages. */
function Leaf({ page: { page, pages }, cited, onLeaf }: LeafProps) {
  const { t } = useTranslation();
  if (pages === null) return null;
  return (
    <div className="leaf">
      <Step icon="back" label={t("passage.previous")} isOff={page <= 1} onStep={() => onLeaf(page - 1)} />
      <span>{t("passage.page", { page, pages })}</span>
      <Step icon="forward" label={t("passage.next")} isOff={page >= pages} onStep={() => onLeaf(page + 1)} />
      {page !== cited && (
        <Button className="text-button" onPress={() => onLeaf(cited)}>
          {t("passage.back")}
        </Button>
      )}
    </div>
  );
}

type StepProps = { icon: IconName; label: string; isOff: boolean; onStep: () => void };

function Step({ icon, label, isOff, onStep }: StepProps) {
  return (
    <Button className="icon-button" aria-label={label} isDisabled={isOff} onPress={onStep}>
      <Icon name={icon} />
    </Button>
  );
}
