/** The pages and their addresses: two lines for each area. */
import { createRouter } from "@tanstack/react-router";
import { Crash } from "./Crash";
import { aboutRoutes } from "./areas/about";
import { accountRoutes } from "./areas/account";
import { adminEntry, adminRoutes } from "./areas/admin";
import { auditEntry, auditRoutes } from "./areas/audit";
import { conversationEntry, conversationRoutes } from "./areas/conversation";
import { developEntry, developRoutes } from "./areas/develop";
import { documentsEntry, documentsRoutes } from "./areas/documents";
import { operateEntry, operateRoutes } from "./areas/operate";
import { type Context, type Entry, root } from "./root";

const routeTree = root.addChildren([
  ...conversationRoutes,
  ...documentsRoutes,
  ...developRoutes,
  ...auditRoutes,
  ...accountRoutes,
  ...aboutRoutes,
  ...adminRoutes,
  ...operateRoutes,
]);

/** In the order of the navigation; the first one that is for a person is where they begin. */
const ENTRIES: readonly Entry[] = [
  conversationEntry,
  documentsEntry,
  developEntry,
  auditEntry,
  adminEntry,
  operateEntry,
];

export function buildRouter(given: Omit<Context, "entries">) {
  return createRouter({ routeTree, context: { ...given, entries: ENTRIES }, defaultErrorComponent: Crash });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof buildRouter>;
  }
}
