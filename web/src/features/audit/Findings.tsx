/** The records of one page of the log, what is odd about them, and the ways to the pages beside it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Records } from "~/api/audit";
import { Icon } from "~/ui/Icon";
import { RecordTable } from "./RecordTable";
import { type AuditSearch, EXACT, anew } from "./search";

type Props = { page: Records | undefined; isLoading: boolean; search: AuditSearch };

export function Findings({ page, isLoading, search }: Props) {
  const { t } = useTranslation();
  if (page === undefined)
    return (
      <p className="quiet" aria-busy="true">
        {t("audit.log.loading")}
      </p>
    );
  if (page.items.length === 0) {
    return (
      <div className="log-none">
        <p className="note-title">{t("audit.log.none")}</p>
        <p>{t("audit.log.noneHow")}</p>
      </div>
    );
  }
  return (
    <div className="findings" aria-busy={isLoading}>
      <Odd mismatches={page.mismatches.length} missing={page.missing} />
      <RecordTable items={page.items} search={search} />
      <Paging page={page} search={search} />
    </div>
  );
}

function Odd({ mismatches, missing }: { mismatches: number; missing: number }) {
  const { t } = useTranslation();
  if (mismatches === 0 && missing === 0) return null;
  return (
    <div className="note note-warn" role="alert">
      <Icon name="warn" />
      <div>
        {mismatches > 0 && <p>{t("audit.log.mismatch", { count: mismatches })}</p>}
        {missing > 0 && <p>{t("audit.log.missing", { count: missing })}</p>}
      </div>
    </div>
  );
}

function Paging({ page, search }: { page: Records; search: AuditSearch }) {
  const { t } = useTranslation();
  if (page.newer === null && page.cursor === null) return null;
  const first = anew(search, {});
  return (
    <nav className="paging" aria-label={t("audit.log.paging")}>
      {page.newer !== null && (
        <>
          <Link to="/granskning" activeOptions={EXACT} search={first} className="button button-quiet">
            {t("audit.log.newest")}
          </Link>
          <Link to="/granskning" activeOptions={EXACT} search={{ ...first, after: page.newer }} className="button button-quiet">
            <Icon name="back" />
            {t("audit.log.newer")}
          </Link>
        </>
      )}
      {page.cursor !== null && (
        <Link to="/granskning" activeOptions={EXACT} search={{ ...first, cursor: page.cursor }} className="button button-quiet">
          {t("audit.log.older")}
          <Icon name="forward" />
        </Link>
      )}
    </nav>
  );
}
