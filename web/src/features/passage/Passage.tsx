/** A page of a document with a passage marked in it, as it looks or as text. */
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { fileAddress } from "~/api/library";
import { problemOf } from "~/api/problem";
import type { DocumentPage } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { Leaf } from "./Leaf";
import { PictureSheet } from "./PictureSheet";
import { TextSheet } from "./TextSheet";
import { ViewSwitch } from "./ViewSwitch";
import { ZoomTools } from "./ZoomTools";
import type { Place, View, Where } from "./place";
import { useDocumentPage } from "./useDocumentPage";
import { WHOLE } from "./zoom";
import "./passage.css";

type Props = { place: Place; where: Where; onWhere: (where: Where) => void; more?: ReactNode };

export function Passage({ place, where, onWhere, more }: Props) {
  const { t } = useTranslation();
  const read = useDocumentPage(place.document, where.page);
  if (read.status === "pending") return <p className="working" aria-busy="true">{t("passage.loading")}</p>;
  if (read.status === "error") return <Unread fault={read.error} onRetry={() => void read.refetch()} />;
  return (
    <>
      <Shown page={read.data} place={place} where={where} onWhere={onWhere} />
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

type ShownProps = { page: DocumentPage; place: Place; where: Where; onWhere: (where: Where) => void };

function Shown({ page, place, where, onWhere }: ShownProps) {
  const [zoom, setZoom] = useState(WHOLE);
  const here = where.page === place.page ? place : null;
  const leaf = <Leaf page={page} cited={place.page} onLeaf={(number) => onWhere({ ...where, page: number })} />;
  const toView = (view: View) => onWhere({ ...where, view });
  if (!page.picture) {
    return (
      <>
        {leaf}
        <TextSheet page={page} place={here} />
      </>
    );
  }
  const isPicture = where.view === "picture";
  return (
    <>
      <div className="view-tools">
        {leaf}
        {isPicture && <ZoomTools zoom={zoom} onZoom={setZoom} />}
        <ViewSwitch view={where.view} onView={toView} />
      </div>
      {isPicture ? (
        <PictureSheet key={page.page} page={page} place={here} zoom={zoom} onZoom={setZoom} onText={() => toView("text")} />
      ) : (
        <TextSheet page={page} place={here} />
      )}
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
