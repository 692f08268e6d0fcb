/** One document: what it is called, how far it has come, and what to do when it has failed. */
import { Link } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { DocumentItem } from "~/api/shapes";
import { FileName } from "~/text/FileName";
import { sizeIn } from "~/text/size";
import { visibleName } from "~/text/visible";
import { Icon } from "~/ui/Icon";
import { faultOf, mayPass } from "./fault";
import { isOnItsWay, progressOf } from "./progress";
import { useAdvice } from "./useAdvice";

/** What can't be done is `null`. */
type Props = { document: DocumentItem; onDelete: (() => void) | null; onAgain: (() => void) | null };

export function DocumentRow({ document, onDelete, onAgain }: Props) {
  const { t } = useTranslation();
  const name = visibleName(document.name);
  const mayAgain = onAgain !== null && document.state === "failed" && mayPass(faultOf(document.error));
  return (
    <li className="shelf-item" data-state={progressOf(document)}>
      <Icon name={document.state === "failed" ? "warn" : "page"} />
      <div className="shelf-words">
        <Name document={document} name={name} />
        <Facts document={document} />
        <Status document={document} />
      </div>
      <div className="shelf-actions">
        {mayAgain && (
          <Button className="button button-quiet" aria-label={t("documents.list.againOf", { name })} onPress={onAgain}>
            {t("documents.list.again")}
          </Button>
        )}
        {onDelete !== null && (
          <Button className="icon-button" aria-label={t("documents.list.deleteOf", { name })} onPress={onDelete}>
            <Icon name="trash" />
          </Button>
        )}
      </div>
    </li>
  );
}

/** A document can be opened as soon as it was read. */
function Name({ document: { id, state }, name }: { document: DocumentItem; name: string }) {
  if (state !== "ready") return <p className="named"><FileName name={name} /></p>;
  return (
    <Link className="named" to="/dokument/$document" params={{ document: id }} search={{ sida: 1, fran: 0, till: 0 }}>
      <FileName name={name} />
    </Link>
  );
}

function Facts({ document: { size, pages, created } }: { document: DocumentItem }) {
  const { t, i18n } = useTranslation();
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" }).format(new Date(created));
  const counted = pages === null ? [] : [t("documents.list.pages", { count: pages })];
  return (
    <p className="quiet facts">
      {[...counted, sizeIn(size, i18n.language), t("documents.list.added", { when })].map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  );
}

function Status({ document }: { document: DocumentItem }) {
  const { t } = useTranslation();
  const advice = useAdvice();
  if (document.state === "ready") return null;
  if (isOnItsWay(document)) return <p className="state state-working">{t(`documents.state.${progressOf(document)}`)}</p>;
  return (
    <p className="state state-failed">
      <strong>{t("documents.state.failed")}.</strong> {advice(faultOf(document.error), document.id)}
    </p>
  );
}
