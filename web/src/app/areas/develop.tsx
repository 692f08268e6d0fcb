/** Building on Valv: for whoever may see the organisation's keys. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readErrors, readStart, readUsage } from "~/features/develop/search";
import { type Entry, area } from "../root";

export const developEntry: Entry = {
  place: "develop",
  to: "/utveckla",
  icon: "code",
  needs: (may) => may("key:list"),
};

const room = area("develop", "develop", developEntry.needs);

const start = createRoute({
  ...room,
  path: "/utveckla",
  validateSearch: readStart,
  component: lazyRouteComponent(() => import("~/features/develop/StartPage"), "StartPage"),
});

const keys = createRoute({
  ...room,
  path: "/utveckla/nycklar",
  component: lazyRouteComponent(() => import("~/features/develop/KeysPage"), "KeysPage"),
});

const models = createRoute({
  ...room,
  path: "/utveckla/modeller",
  component: lazyRouteComponent(() => import("~/features/develop/ModelsPage"), "ModelsPage"),
});

const usage = createRoute({
  ...room,
  path: "/utveckla/anvandning",
  validateSearch: readUsage,
  component: lazyRouteComponent(() => import("~/features/develop/UsagePage"), "UsagePage"),
});

const errors = createRoute({
  ...room,
  path: "/utveckla/fel",
  validateSearch: readErrors,
  component: lazyRouteComponent(() => import("~/features/develop/ErrorsPage"), "ErrorsPage"),
});

export const developRoutes = [start, keys, models, usage, errors] as const;
