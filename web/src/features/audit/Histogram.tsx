/** Events over time as bars, and the same as a table whose rows narrow the time. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Bars } from "~/api/audit";
import { type Bar, bars as barsOf } from "./figures";
import { amount, moment } from "./names";
import { type AuditSearch, EXACT, anew } from "./search";

const [WIDTH, HEIGHT, GAP] = [600, 72, 1];

export function Histogram({ bars, total, search }: { bars: Bars; total: number; search: AuditSearch }) {
  const { t, i18n } = useTranslation();
  const drawn = useMemo(() => barsOf(bars), [bars]);
  const most = drawn.reduce((best, bar) => (bar.count > best.count ? bar : best), drawn[0] ?? NOTHING);
  const [first, last] = [drawn[0], drawn.at(-1)];
  const label = t("audit.histogram.label", {
    total: amount(i18n.language, total),
    most: amount(i18n.language, most.count),
    when: moment(i18n.language, most.from),
  });
  return (
    <figure className="histogram">
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn here; an img would be fetched */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path className="histogram-bars" d={outline(drawn)} />
      </svg>
      <figcaption className="histogram-ends quiet">
        <span>{first && moment(i18n.language, first.from)}</span>
        <span>{last && moment(i18n.language, last.to)}</span>
      </figcaption>
      <details>
        <summary>{t("audit.histogram.table")}</summary>
        <Twin drawn={drawn} search={search} />
      </details>
    </figure>
  );
}

const NOTHING: Bar = { from: "", to: "", count: 0, share: 0 };

/** All bars as one path; a bar with anything in it is at least two pixels high. */
function outline(drawn: readonly Bar[]): string {
  const width = WIDTH / Math.max(1, drawn.length);
  return drawn
    .map(({ count, share }, place) => {
      if (count === 0) return "";
      const height = Math.max(2, share * HEIGHT);
      return `M${place * width} ${HEIGHT}v${-height}h${Math.max(1, width - GAP)}v${height}z`;
    })
    .join("");
}

function Twin({ drawn, search }: { drawn: readonly Bar[]; search: AuditSearch }) {
  const { t, i18n } = useTranslation();
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{t("audit.histogram.when")}</th>
          <th scope="col" className="figure">{t("audit.histogram.count")}</th>
        </tr>
      </thead>
      <tbody>
        {drawn.filter(({ count }) => count > 0).map((bar) => {
          const when = moment(i18n.language, bar.from);
          return (
            <tr key={bar.from}>
              <td>
                <Link to="/granskning" activeOptions={EXACT} search={anew(search, { from: bar.from, to: bar.to })} aria-label={t("audit.histogram.only", { when })}>
                  {when}
                </Link>
              </td>
              <td className="figure">{amount(i18n.language, bar.count)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
