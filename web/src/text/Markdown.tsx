/** Markdown by others, drawn as React elements only: no HTML, no images, no link that opens unasked. */
import { memo, useDeferredValue, useMemo, useState } from "react";
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import type { Citation } from "~/stream/events";
import { type Blocks, continueBlocks, noBlocks } from "./blocks";
import { areSame, canName } from "./citations";
import type { OpenCitation } from "./CiteChip";
import { elements } from "./markdownElements";
import { citeSources, noReferences, schema } from "./markdownRules";

type Props = { text: string; citations: readonly Citation[]; onOpen: OpenCitation };

export default function Markdown({ text, citations, onOpen }: Props) {
  const { blocks, tail } = useBlocks(text);
  const known = useDeferredValue(useSame(citations)); // they follow the text: its blocks are drawn anew bit by bit
  return (
    <div className="prose">
      {[...blocks, tail].map((source, position) => (
        // a block never moves and never changes, but for the last
        // oxlint-disable-next-line react/no-array-index-key -- the position is what names a block
        <Block key={position} source={source} citations={canName(source, known) ? known : NONE} onOpen={onOpen} />
      ))}
    </div>
  );
}

const NONE: readonly Citation[] = [];

/** The list that came first of those that say the same. */
function useSame(citations: readonly Citation[]): readonly Citation[] {
  const [kept, keep] = useState(citations);
  if (areSame(kept, citations)) return kept;
  keep(citations);
  return citations;
}

function useBlocks(text: string): Blocks {
  const [known, setKnown] = useState({ text: "", blocks: noBlocks });
  if (known.text === text) return known.blocks;
  const blocks = continueBlocks(known.blocks, text);
  setKnown({ text, blocks }); // state that follows a prop: React draws again at once, before anything is painted
  return blocks;
}

type BlockProps = { source: string; citations: readonly Citation[]; onOpen: OpenCitation };

const Block = memo(function Block({ source, citations, onOpen }: BlockProps) {
  const rules = useMemo(() => {
    const sanitise: [typeof rehypeSanitize, typeof schema] = [rehypeSanitize, schema];
    return [sanitise, citeSources(citations)];
  }, [citations]);
  const components = useMemo(() => elements(citations, onOpen), [citations, onOpen]);
  return (
    <ReactMarkdown
      skipHtml
      remarkPlugins={[remarkGfm, noReferences]}
      rehypePlugins={rules}
      components={components}
    >
      {source}
    </ReactMarkdown>
  );
});
