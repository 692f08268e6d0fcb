/** An extractive answer: sentences word for word, each over the place that it comes from. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Citation } from "~/stream/events";
import type { OpenCitation } from "~/text/CiteChip";
import { quotes } from "~/text/citations";
import { harmless } from "~/text/harmless";
import { usePlace } from "~/text/usePlace";

type Props = { text: string; citations: readonly Citation[]; onOpen: OpenCitation };

export function Quotes({ text, citations, onOpen }: Props) {
  return (
    <ul className="quotes">
      {quotes(text, citations).map((quote, position) => (
        // oxlint-disable-next-line react/no-array-index-key -- quotes arrive in order and never move
        <li key={position}>
          <blockquote>{harmless(quote.text)}</blockquote>
          {quote.citations.map((citation) => (
            <Origin key={citation.index} citation={citation} onOpen={onOpen} />
          ))}
        </li>
      ))}
    </ul>
  );
}

type OriginProps = { citation: Citation; heard?: string | undefined; onOpen: OpenCitation };

/** The place of a quote, as a button that opens it; `heard` is what it is called if it is no source. */
export function Origin({ citation, heard, onOpen }: OriginProps) {
  const { t } = useTranslation();
  const place = usePlace(citation);
  return (
    <Button className="origin" onPress={() => onOpen(citation)}>
      <span className="only-heard">{heard ?? t("passage.panel")}</span>
      <span className="chip">{citation.index}</span>
      <span className="origin-place">{place}</span>
    </Button>
  );
}
