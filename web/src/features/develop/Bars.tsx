/** Stacked bars, one a day; the table beside it says the same in figures. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Chart } from "./chart";
import type { Measure } from "./search";
import { useWords } from "./useWords";

type Props = { chart: Chart; measure: Measure; name: (key: string | null) => string };

const HEIGHT = 240;
const EDGE = { top: 10, right: 2, bottom: 26, left: 52 };
const TALL = HEIGHT - EDGE.top - EDGE.bottom;

export function Bars({ chart, measure, name }: Props) {
  const { t } = useTranslation();
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(room);
  const what = t(measure === "anrop" ? "develop.usage.calls" : "develop.usage.tokens");
  return (
    <figure className="chart">
      <figcaption className="chart-title">{t("develop.usage.chart", { measure: what })}</figcaption>
      <Legend chart={chart} name={name} />
      <div ref={room} className="chart-room">
        {width > 0 && <Drawing chart={chart} width={width} what={what} />}
      </div>
    </figure>
  );
}

function Legend({ chart, name }: Pick<Props, "chart" | "name">) {
  const { number } = useWords();
  return (
    <ul className="legend">
      {chart.layers.map(({ key, total }, place) => (
        <li key={key ?? ""}>
          <svg className="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <rect className={`layer layer-${place}`} width="12" height="12" rx="2" />
          </svg>
          {name(key)} <span className="quiet">{number(total)}</span>
        </li>
      ))}
    </ul>
  );
}

function Drawing({ chart, width, what }: { chart: Chart; width: number; what: string }) {
  const { t } = useTranslation();
  const { number, day } = useWords();
  const across = (width - EDGE.left - EDGE.right) / chart.days.length;
  const most = Math.max(...chart.totals);
  const summary = t("develop.usage.summary", {
    measure: what,
    from: day(chart.days.at(0) ?? ""),
    to: day(chart.days.at(-1) ?? ""),
    total: number(chart.totals.reduce((sum, total) => sum + total, 0)),
    most: number(most),
    day: day(chart.days[chart.totals.indexOf(most)] ?? ""),
  });
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here, from figures: no file that an img could show
    <svg className="bars" width={width} height={HEIGHT} role="img" aria-label={summary}>
      {[0, 0.5, 1].map((part) => (
        <Line key={part} y={EDGE.top + TALL * (1 - part)} width={width} words={number(chart.top * part)} />
      ))}
      {chart.days.map((name, place) => (
        <Bar key={name} chart={chart} place={place} x={EDGE.left + place * across} across={across} />
      ))}
      <Days chart={chart} across={across} />
    </svg>
  );
}

function Line({ y, width, words }: { y: number; width: number; words: string }) {
  return (
    <g>
      <line className="grid-line" x1={EDGE.left} x2={width} y1={y} y2={y} />
      <text className="axis" x={EDGE.left - 8} y={y} textAnchor="end" dominantBaseline="middle">
        {words}
      </text>
    </g>
  );
}

function Bar({ chart, place, x, across }: { chart: Chart; place: number; x: number; across: number }) {
  const { t } = useTranslation();
  const { number, day } = useWords();
  const gap = across > 6 ? Math.min(4, across / 4) : 0;
  return (
    <g>
      <title>{t("develop.usage.ofDay", { day: day(chart.days[place] ?? ""), total: number(chart.totals[place] ?? 0) })}</title>
      {chart.layers.map(({ key, values, tops }, layer) => (
        <rect
          key={key ?? ""}
          className={`layer layer-${layer}`}
          x={x + gap / 2}
          y={EDGE.top + TALL * (1 - (tops[place] ?? 0) / chart.top)}
          width={Math.max(across - gap, 1)}
          height={((values[place] ?? 0) / chart.top) * TALL}
        />
      ))}
    </g>
  );
}

const APART = 76;

/** As many days as have room for their names, the last one among them. */
function Days({ chart, across }: { chart: Chart; across: number }) {
  const { day } = useWords();
  const every = Math.max(1, Math.ceil(APART / across));
  const last = chart.days.length - 1;
  return chart.days.map((name, place) =>
    (last - place) % every === 0 ? (
      <text
        key={name}
        className="axis"
        x={EDGE.left + (place + (place === last && every > 1 ? 1 : 0.5)) * across}
        y={HEIGHT - 6}
        textAnchor={place === last && every > 1 ? "end" : "middle"}
      >
        {day(name)}
      </text>
    ) : null,
  );
}

function useWidth(room: RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (room.current === null) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(room.current);
    return () => watch.disconnect();
  }, [room]);
  return width;
}
