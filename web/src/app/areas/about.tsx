/** What everyone may read, logged in or not. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root, wordsOf } from "../root";

const open = { getParentRoute: () => root, loader: wordsOf("about"), staticData: { isPublic: true } };

const about = createRoute({
  ...open,
  path: "/om",
  component: lazyRouteComponent(() => import("../PublicRoutes"), "AboutRoute"),
});

const privacy = createRoute({
  ...open,
  path: "/integritet",
  component: lazyRouteComponent(() => import("../PublicRoutes"), "PrivacyRoute"),
});

const accessibility = createRoute({
  ...open,
  path: "/tillganglighet",
  component: lazyRouteComponent(() => import("../PublicRoutes"), "AccessibilityRoute"),
});

export const aboutRoutes = [about, privacy, accessibility] as const;
