/** The ledger in counts: whether it takes records, its room, and each log's size and newest signature. */
import { useLocale } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { LedgerHealth } from "~/api/shapes";
import { State } from "./State";
import { bytes, moment } from "./figures";

export function Ledger({ health }: { health: LedgerHealth }) {
  const { t } = useTranslation();
  const { locale } = useLocale();
  const percent = (share: number) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share / 100);
  return (
    <section className="part" aria-labelledby="ledger">
      <h2 id="ledger">{t("operate.ledger.title")}</h2>
      <p>
        <State isWell={health.healthy}>{health.healthy ? t("operate.ledger.well") : t("operate.ledger.stopped", { reason: health.reason ?? "" })}</State>
      </p>
      <dl className="facts">
        <div>
          <dt>{t("operate.ledger.waiting")}</dt>
          <dd>{health.waiting}</dd>
        </div>
        <div>
          <dt>{t("operate.ledger.disk")}</dt>
          <dd>
            {t("operate.ledger.room", {
              bytes: bytes(health.disk_free_bytes, locale),
              free: percent(health.disk_free_percent),
              floor: percent(health.disk_floor_percent),
            })}
          </dd>
        </div>
      </dl>
      <Logs logs={health.logs} />
    </section>
  );
}

function Logs({ logs }: { logs: LedgerHealth["logs"] }) {
  const { t } = useTranslation();
  const { locale } = useLocale();
  const figure = new Intl.NumberFormat(locale);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways is reached by keyboard too
    <section className="scrolls" aria-labelledby="logs" tabIndex={0}>
      <table className="figures">
        <caption id="logs">{t("operate.ledger.logs")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("operate.ledger.log")}</th>
            <th scope="col">{t("operate.ledger.records")}</th>
            <th scope="col">{t("operate.ledger.unsigned")}</th>
            <th scope="col">{t("operate.ledger.signed")}</th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <tr key={log.origin}>
              <th scope="row">{log.origin}</th>
              <td>{figure.format(log.records)}</td>
              <td>{figure.format(log.unsigned)}</td>
              <td>{log.signed_at === null ? t("operate.ledger.never") : <time dateTime={log.signed_at}>{moment(log.signed_at, locale)}</time>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
