/** A document opened at a page, by its own address. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { visibleName } from "~/text/visible";
import { Page } from "~/ui/Page";
import { Passage } from "./Passage";
import type { Place, Where } from "./place";
import { useDocumentPage } from "./useDocumentPage";

type Props = { place: Place; where: Where; onWhere: (where: Where) => void; back: ReactNode };

/** Leafing changes the address; the passage that was opened stays the one to come back to. */
export function DocumentViewer({ place, where, onWhere, back }: Props) {
  const { t } = useTranslation();
  const [opened] = useState(place);
  const { data } = useDocumentPage(place.document, where.page);
  const name = data === undefined ? null : visibleName(data.name);
  return (
    <Page title={t("passage.titleAt", { page: where.page })} heading={name ?? t("passage.title")} isWide>
      <div className="viewer">
        <div className="viewer-back">{back}</div>
        <Passage place={opened} where={where} onWhere={onWhere} />
      </div>
    </Page>
  );
}
