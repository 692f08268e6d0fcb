/** The page that was asked for, where it is for this person; on the start page, else the first page that is. */
import { Navigate, Outlet, useMatches } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "~/api/ApiContext";
import { Page } from "~/ui/Page";
import type { Entry } from "./root";

/** `entries` are those of this person. */
export function Room({ entries }: { entries: readonly Entry[] }) {
  const may = useMay();
  const match = useMatches({ select: (matches) => matches.at(-1) });
  const first = entries[0];
  if (match === undefined || (match.staticData.needs?.(may) ?? true)) return <Outlet />;
  if (match.pathname === "/" && first !== undefined) return <Navigate to={first.to} replace />;
  return <NotYours />;
}

function NotYours() {
  const { t } = useTranslation();
  return (
    <Page title={t("problem.s403.title")} lead={t("problem.s403.text")}>
      {null}
    </Page>
  );
}
