/** Collections and the documents in them: what there is, and what can be done with it. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, carryOut, settle } from "./client";

export function documentsQuery(api: Api, organisation: string, collection: string) {
  const params = { path: { collection } };
  return queryOptions({
    queryKey: [organisation, "collections", collection, "documents"],
    queryFn: async ({ signal }) =>
      (await settle(api.GET("/api/collections/{collection}/documents", { params, signal }))).items,
  });
}

export function createCollection(api: Api, name: string) {
  return settle(api.POST("/api/collections", { body: { name } }));
}

export function renameCollection(api: Api, collection: string, name: string): Promise<void> {
  return carryOut(api.PATCH("/api/collections/{collection}", { params: { path: { collection } }, body: { name } }));
}

export function deleteCollection(api: Api, collection: string): Promise<void> {
  return carryOut(api.DELETE("/api/collections/{collection}", { params: { path: { collection } } }));
}

export function deleteDocument(api: Api, document: string): Promise<void> {
  return carryOut(api.DELETE("/api/documents/{document}", { params: { path: { document } } }));
}
