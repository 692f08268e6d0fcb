/** The log, for whoever may search it. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readSearch } from "~/features/audit/search";
import { type Entry, area } from "../root";

export const auditEntry: Entry = { place: "audit", to: "/granskning", icon: "scroll", needs: (may) => may("audit:search") };

const common = { ...area("audit", "audit", auditEntry.needs), validateSearch: readSearch };

const log = createRoute({
  ...common,
  path: "/granskning",
  component: lazyRouteComponent(() => import("~/features/audit/LogPage"), "LogPage"),
});

const verify = createRoute({
  ...common,
  path: "/granskning/verifiering",
  component: lazyRouteComponent(() => import("~/features/audit/VerifyPage"), "VerifyPage"),
});

const exports = createRoute({
  ...common,
  path: "/granskning/exporter",
  component: lazyRouteComponent(() => import("~/features/audit/ExportPage"), "ExportPage"),
});

const record = createRoute({
  ...common,
  path: "/granskning/$seq",
  component: lazyRouteComponent(() => import("~/features/audit/RecordPage"), "RecordPage"),
});

export const auditRoutes = [log, verify, exports, record] as const;
