/** The source beside the answer; on a narrow screen, over it. */
import { Link } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Citation } from "~/stream/events";
import { usePlace } from "~/text/usePlace";
import { Icon } from "~/ui/Icon";
import { Window } from "~/ui/Window";
import { Passage } from "./Passage";
import type { Place, Where } from "./place";
import { useFirstView } from "./useFirstView";

type Props = { citation: Citation; isNarrow: boolean; onClose: () => void };

export function PassagePanel({ citation, isNarrow, onClose }: Props) {
  const { t } = useTranslation();
  const title = usePlace(citation);
  if (!isNarrow) return <Beside citation={citation} title={title} onClose={onClose} />;
  return (
    <Window title={title} close={t("passage.close")} onClose={onClose}>
      <Source citation={citation} />
    </Window>
  );
}

function Source({ citation }: { citation: Citation }) {
  const place = placeOf(citation);
  return <Placed key={`${place.document} ${place.page} ${place.start} ${place.end}`} place={place} />;
}

function Placed({ place }: { place: Place }) {
  const [where, setWhere] = useState<Where>({ page: place.page, view: useFirstView() });
  return <Passage place={place} where={where} onWhere={setWhere} more={<ToDocument place={place} />} />;
}

function ToDocument({ place: { document, page, start, end } }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <Link
      className="text-button"
      to="/dokument/$document"
      params={{ document }}
      search={{ sida: page, fran: start, till: end }}
    >
      <Icon name="page" />
      {t("passage.open")}
    </Link>
  );
}

/** A format without pages is one page long. */
function placeOf({ document, page, start, end, quote }: Citation): Place {
  return { document, page: page ?? 1, start, end, quote };
}

type BesideProps = { citation: Citation; title: string; onClose: () => void };

function Beside({ citation, title, onClose }: BesideProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each citation that is opened takes the focus
  useEffect(() => heading.current?.focus({ preventScroll: true }), [citation]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from anywhere inside
    <aside className="panel" aria-label={t("passage.panel")} onKeyDown={onKeyDown}>
      <div className="window-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <Button className="icon-button" aria-label={t("passage.close")} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <Source citation={citation} />
    </aside>
  );
}
