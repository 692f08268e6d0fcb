/** A document opened at a page, by its own address. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { fileName } from "~/text/harmless";
import { Icon } from "~/ui/Icon";
import { useTitle } from "~/ui/useTitle";
import { Passage, type Place } from "./Passage";
import { useDocumentPage } from "./useDocumentPage";

export function DocumentPageView({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { data } = useDocumentPage(place.document, place.page);
  useTitle(t("passage.title"));
  return (
    <div className="document">
      <Link className="text-button" to="/">
        <Icon name="back" />
        {t("passage.toQuestions")}
      </Link>
      <h1 tabIndex={-1}>{data === undefined ? t("passage.title") : fileName(data.name)}</h1>
      <Passage key={`${place.document} ${place.page} ${place.start}`} place={place} />
    </div>
  );
}
