/** What every page of the audit has: the ways between its parts, the integrity line, and that reading is recorded. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { Page } from "~/ui/Page";
import { IntegrityLine } from "./IntegrityLine";
import type { AuditSearch } from "./search";
import "./audit.css";

type Props = {
  title: string;
  lead?: ReactNode;
  /** What is looked for, which goes along from part to part. */
  search: AuditSearch;
  children: ReactNode;
};

const PARTS = [
  { to: "/granskning", name: "log" },
  { to: "/granskning/verifiering", name: "verify" },
  { to: "/granskning/exporter", name: "export" },
] as const;

export function AuditPage({ title, lead, search, children }: Props) {
  const { t } = useTranslation();
  return (
    <Page title={title} lead={lead} isWide>
      <div className="audit">
        <nav className="audit-parts" aria-label={t("audit.nav")}>
          {PARTS.map(({ to, name }) => (
            <Link key={to} to={to} search={search} activeOptions={{ exact: true, includeSearch: false }} className="audit-part">
              {t(`audit.parts.${name}`)}
            </Link>
          ))}
        </nav>
        <IntegrityLine search={search} />
        {children}
        <p className="audit-recorded">
          <Icon name="info" />
          {t("audit.recorded")}
        </p>
      </div>
    </Page>
  );
}
