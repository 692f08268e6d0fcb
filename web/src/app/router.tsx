/** The pages and their addresses. */
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { Api } from "~/api/client";
import { AskRoute } from "./AskRoute";
import { Crash } from "./Crash";
import { Gate } from "./Gate";
import { NotFound } from "./NotFound";
import { readPlace } from "./placeSearch";

type Context = { api: Api };

const root = createRootRouteWithContext<Context>()({ component: Gate, notFoundComponent: NotFound });
const ask = createRoute({ getParentRoute: () => root, path: "/", component: AskRoute });
const page = createRoute({
  getParentRoute: () => root,
  path: "/dokument/$document",
  validateSearch: readPlace,
  component: lazyRouteComponent(() => import("./DocumentRoute"), "DocumentRoute"),
});

export function buildRouter(context: Context) {
  return createRouter({ routeTree: root.addChildren([ask, page]), context, defaultErrorComponent: Crash });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof buildRouter>;
  }
}
