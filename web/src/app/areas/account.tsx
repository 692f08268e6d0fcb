/** What a person chooses for themselves. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root, wordsOf } from "../root";

const settings = createRoute({
  getParentRoute: () => root,
  loader: wordsOf("settings"),
  path: "/installningar",
  component: lazyRouteComponent(() => import("../SettingsRoute"), "SettingsRoute"),
});

export const accountRoutes = [settings] as const;
