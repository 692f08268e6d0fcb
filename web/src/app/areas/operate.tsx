/** The installation, for who keeps it running. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { type Entry, area } from "../root";

export const operateEntry: Entry = {
  place: "operate",
  to: "/drift",
  icon: "pulse",
  needs: (may) => may("installation:read"),
};

const installation = createRoute({
  ...area("operate", "operate", operateEntry.needs),
  path: "/drift",
  component: lazyRouteComponent(() => import("~/features/operate/OperatePage"), "OperatePage"),
});

export const operateRoutes = [installation] as const;
