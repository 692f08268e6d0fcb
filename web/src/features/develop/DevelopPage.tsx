/** What every page of this area has: its heading, and the ways to the others. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import "./develop.css";

const WAYS = [
  { to: "/utveckla", name: "start" },
  { to: "/utveckla/nycklar", name: "keys" },
  { to: "/utveckla/modeller", name: "models" },
  { to: "/utveckla/anvandning", name: "usage" },
  { to: "/utveckla/fel", name: "errors" },
] as const;

type Props = { title: string; lead: string; actions?: ReactNode; isWide?: boolean; children: ReactNode };

export function DevelopPage({ title, lead, actions, isWide = false, children }: Props) {
  const { t } = useTranslation();
  return (
    <div className={isWide ? "develop develop-wide" : "develop"}>
      <nav className="develop-ways" aria-label={t("develop.nav.label")}>
        <ul>
          {WAYS.map(({ to, name }) => (
            <li key={to}>
              <Link to={to} className="develop-way" activeOptions={{ exact: true, includeSearch: false }}>
                {t(`develop.nav.${name}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Page title={title} lead={lead} actions={actions} isWide={isWide}>
        {children}
      </Page>
    </div>
  );
}
