/** Every figure of the chart, and what it leaves out: models and how calls ended. */
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Figures } from "~/api/usage";
import { useWords } from "./useWords";

type Props = { items: readonly Figures[]; name: (key: string | null) => string };

const SUMS = [
  { head: "calls", of: (item: Figures) => item.calls },
  { head: "ok", of: (item: Figures) => item.ok },
  { head: "failed", of: (item: Figures) => item.failed },
  { head: "blocked", of: (item: Figures) => item.blocked },
  { head: "aborted", of: (item: Figures) => item.client_aborted },
  { head: "tokensIn", of: (item: Figures) => item.tokens_in },
  { head: "tokensOut", of: (item: Figures) => item.tokens_out },
] as const;

export function UsageTable({ items, name }: Props) {
  const { t } = useTranslation();
  const { number } = useWords();
  const caption = useId();
  const newestFirst = items.toSorted((one, other) => other.day.localeCompare(one.day));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- whoever has no mouse scrolls it with the arrow keys
    <section className="table-room" aria-labelledby={caption} tabIndex={0}>
      <table className="table table-figures">
        <caption id={caption}>{t("develop.usage.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("develop.usage.day")}</th>
            <th scope="col">{t("develop.usage.key")}</th>
            <th scope="col">{t("develop.usage.model")}</th>
            {SUMS.map(({ head }) => (
              <th key={head} scope="col" className="figure">
                {t(`develop.usage.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((item) => (
            <tr key={`${item.day} ${item.key ?? ""} ${item.model}`}>
              <th scope="row">{item.day}</th>
              <td>{name(item.key)}</td>
              <td>{item.model}</td>
              {SUMS.map(({ head, of }) => (
                <td key={head} className="figure">
                  {number(of(item))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
