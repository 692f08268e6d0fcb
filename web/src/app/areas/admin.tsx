/** The organisation's own administration. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readMemberSearch } from "~/features/admin/search";
import { type Entry, area } from "../root";

export const adminEntry: Entry = {
  place: "admin",
  to: "/administration",
  icon: "people",
  needs: (may) => may("member:write"),
};

const organisation = createRoute({
  ...area("admin", "admin", adminEntry.needs),
  path: "/administration",
  validateSearch: readMemberSearch,
  component: lazyRouteComponent(() => import("../AdminRoute"), "AdminRoute"),
});

export const adminRoutes = [organisation] as const;
