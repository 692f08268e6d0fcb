/** Documents, by their own addresses. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readPlace } from "../placeSearch";
import { area } from "../root";

const page = createRoute({
  ...area("documents", "conversation", (may) => may("document:read")),
  path: "/dokument/$document",
  validateSearch: readPlace,
  component: lazyRouteComponent(() => import("../DocumentRoute"), "DocumentRoute"),
});

export const documentsRoutes = [page] as const;
