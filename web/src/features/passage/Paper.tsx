/** The picture of a page with what lies over it. Screen readers are given the text beside it instead. */
import { pictureAddress } from "~/api/library";
import type { DocumentLayout, DocumentPage } from "~/api/shapes";
import type { Zoom } from "./zoom";

type Props = { page: DocumentPage; layout: DocumentLayout; zoom: Zoom; onLost: () => void };

/** Where letters stand on, as a part of the height of their line. */
const BASELINE = 0.78;

export function Paper({ page, layout: { width, height, lines, marked }, zoom, onLost }: Props) {
  const placed = ({ x, y, width: wide, height: high }: Part) => ({
    x: x * width,
    y: y * height,
    width: wide * width,
    height: high * height,
  });
  return (
    <svg className={`paper paper-${zoom}`} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      <image href={pictureAddress(page.document, page.page)} width={width} height={height} onError={onLost} />
      {marked.map((part) => (
        <rect key={`${part.x} ${part.y}`} className="paper-mark" {...placed(part)} />
      ))}
      {lines.map((line) => (
        <Line key={`${line.x} ${line.y} ${line.text}`} text={line.text} part={placed(line)} />
      ))}
    </svg>
  );
}

type Part = DocumentLayout["marked"][number];

/** Letters that are not seen, stretched to the width of those in the picture: what is selected is what is seen. */
function Line({ text, part: { x, y, width, height } }: { text: string; part: Part }) {
  return (
    <text className="paper-text" x={x} y={y + BASELINE * height} fontSize={height * BASELINE} textLength={width} lengthAdjust="spacingAndGlyphs">
      {text.trimEnd()}
    </text>
  );
}
