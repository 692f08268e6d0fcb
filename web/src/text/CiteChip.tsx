/** A citation in the text: a number that shows its source on hover or focus, and opens it when pressed. */
import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Citation } from "~/stream/events";
import { harmless } from "./harmless";
import { usePlace } from "./usePlace";

export type OpenCitation = (citation: Citation) => void;

export function CiteChip({ citation, onOpen }: { citation: Citation; onOpen: OpenCitation }) {
  const { t } = useTranslation();
  const place = usePlace(citation);
  return (
    <TooltipTrigger delay={400}>
      <Button
        className="chip"
        aria-label={t("answer.source", { index: citation.index, place })}
        onPress={() => onOpen(citation)}
      >
        {citation.index}
      </Button>
      <Tooltip className="preview" offset={6}>
        <span className="preview-place">{place}</span>
        <span className="preview-quote">{harmless(citation.quote)}</span>
      </Tooltip>
    </TooltipTrigger>
  );
}
