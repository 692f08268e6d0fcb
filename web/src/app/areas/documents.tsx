/** The organisation's documents: the collections, one of them, and a document by its own address. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readPlace } from "../placeSearch";
import { type Entry, area } from "../root";

export const documentsEntry: Entry = {
  place: "documents",
  to: "/dokument",
  icon: "folder",
  needs: (may) => may("collection:read"),
};

const collections = createRoute({
  ...area("documents", "documents", documentsEntry.needs),
  path: "/dokument",
  component: lazyRouteComponent(() => import("~/features/documents/CollectionsPage"), "CollectionsPage"),
});

const collection = createRoute({
  ...area("documents", "documents", documentsEntry.needs),
  path: "/dokument/samling/$collection",
  component: lazyRouteComponent(() => import("../CollectionRoute"), "CollectionRoute"),
});

const page = createRoute({
  ...area("documents", "documents", (may) => may("document:read")),
  path: "/dokument/$document",
  validateSearch: readPlace,
  component: lazyRouteComponent(() => import("../DocumentRoute"), "DocumentRoute"),
});

export const documentsRoutes = [collections, collection, page] as const;
