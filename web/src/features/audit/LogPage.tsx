/** The log: what happened, filtered by the address, counted, and page by page. */
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AuditPage } from "./AuditPage";
import { Chips } from "./Chips";
import { Facets } from "./Facets";
import { FindField } from "./FindField";
import { Findings } from "./Findings";
import { Histogram } from "./Histogram";
import { TimeRange } from "./TimeRange";
import { Toolbar } from "./Toolbar";
import { readSearch } from "./search";
import { useLog } from "./useLog";
import "./log.css";

export function LogPage() {
  const { t } = useTranslation();
  const search = readSearch(useSearch({ from: "/granskning" }));
  const { page, summary, isCounted, fresh, renew } = useLog(search);
  return (
    <AuditPage title={t("audit.title")} lead={t("audit.log.lead")} search={search}>
      <search className="log-search">
        <FindField search={search} />
        <TimeRange search={search} />
        <Chips search={search} />
      </search>
      <div className="log-columns">
        <div className="log-main">
          <Toolbar search={search} total={summary?.total} fresh={fresh} onRenew={renew} />
          {!isCounted && <Uncounted />}
          {summary?.histogram && <Histogram bars={summary.histogram} total={summary.total} search={search} />}
          {page.isError ? (
            <ProblemNote problem={problemOf(page.error)} />
          ) : (
            <Findings page={page.data} isLoading={page.isPlaceholderData || page.isPending} search={search} />
          )}
        </div>
        {summary && <Facets facets={summary.facets} search={search} />}
      </div>
    </AuditPage>
  );
}

function Uncounted() {
  const { t } = useTranslation();
  return (
    <p className="note">
      <Icon name="info" />
      {t("audit.log.uncounted")}
    </p>
  );
}
