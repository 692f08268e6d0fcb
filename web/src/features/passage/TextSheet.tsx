/** A page as text. */
import { useTranslation } from "react-i18next";
import type { DocumentPage } from "~/api/shapes";
import { fileName, harmless } from "~/text/harmless";
import { languageOf } from "~/text/language";
import { findPassage } from "~/text/points";
import { Icon } from "~/ui/Icon";
import { MarkedText } from "./MarkedText";
import type { Place } from "./place";
import { useMarkInView } from "./useMarkInView";

export function TextSheet({ page, place }: { page: DocumentPage; place: Place | null }) {
  const { t } = useTranslation();
  const cut = place === null ? null : findPassage(page.text, place.quote, place.start, place.end);
  const box = useMarkInView("mark", cut?.before);
  const label = t("passage.text", { page: page.page, name: fileName(page.name) });
  return (
    <>
      {place !== null && cut === null && <Missing quote={place.quote} />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so it must be reachable by keyboard */}
      <section ref={box} className="sheet" aria-label={label} tabIndex={0} lang={languageOf(page.text) ?? "sv"}>
        <MarkedText text={page.text} cut={cut} />
      </section>
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
