/** A page as it looks: its picture, its text over it to be selected, the passage marked. */
import { type KeyboardEvent, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf, unreachable } from "~/api/problem";
import type { DocumentLayout, DocumentPage } from "~/api/shapes";
import { fileName } from "~/text/harmless";
import { languageOf } from "~/text/language";
import { type Cut, findPassage } from "~/text/points";
import { ProblemNote } from "~/ui/ProblemNote";
import { MarkedText } from "./MarkedText";
import { Paper } from "./Paper";
import type { Place } from "./place";
import { rangeOf, useLayout } from "./useLayout";
import { useMarkInView } from "./useMarkInView";
import { type Zoom, zoomedBy } from "./zoom";

type Props = {
  page: DocumentPage;
  place: Place | null;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  onText: () => void;
};

export function PictureSheet({ page, place, zoom, onZoom, onText }: Props) {
  const { t } = useTranslation();
  const cut = place === null ? null : findPassage(page.text, place.quote, place.start, place.end);
  const [isLost, setLost] = useState(false);
  const layout = useLayout(page, rangeOf(cut));
  if (layout.status === "pending") return <p className="working" aria-busy="true">{t("passage.drawing")}</p>;
  if (layout.status === "error" || isLost) {
    const retry = () => void layout.refetch().then(() => setLost(false));
    return <Undrawn fault={layout.error} onRetry={retry} onText={onText} />;
  }
  return <Drawn page={page} layout={layout.data} cut={cut} zoom={zoom} onZoom={onZoom} onLost={() => setLost(true)} />;
}

type DrawnProps = {
  page: DocumentPage;
  layout: DocumentLayout;
  cut: Cut | null;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
  onLost: () => void;
};

function Drawn({ page, layout, cut, zoom, onZoom, onLost }: DrawnProps) {
  const { t } = useTranslation();
  const box = useMarkInView(".paper-mark", layout);
  const onKeyDown = (event: KeyboardEvent) => {
    const zoomed = event.ctrlKey || event.metaKey || event.altKey ? null : zoomedBy(event.key, zoom);
    if (zoomed !== null) onZoom(zoomed);
  };
  const label = t("passage.picture", { page: page.page, name: fileName(page.name) });
  return (
    <>
      {/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- scrolls, so it must be reachable by keyboard; plus and minus zoom */}
      <section ref={box} className="sheet sheet-picture" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
        {/* oxlint-enable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions */}
        <Paper page={page} layout={layout} zoom={zoom} onLost={onLost} />
        <div className="only-heard" lang={languageOf(page.text) ?? "sv"}>
          <MarkedText text={page.text} cut={cut} />
        </div>
      </section>
    </>
  );
}

type UndrawnProps = { fault: Error | null; onRetry: () => void; onText: () => void };

function Undrawn({ fault, onRetry, onText }: UndrawnProps) {
  const { t } = useTranslation();
  return (
    <ProblemNote problem={fault === null ? unreachable : problemOf(fault)}>
      <Button className="button button-quiet" onPress={onText}>
        {t("passage.textInstead")}
      </Button>
      <Button className="text-button" onPress={onRetry}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}
