/** All of a person's own at once: how much it is, where it is fetched, and its end. */
import { queryOptions } from "@tanstack/react-query";
import { type Api, carryOut, settle } from "./client";

export const EXPORT_ADDRESS = "/api/conversations/export";

const COUNTED = 100;

/** How many conversations there are; `isMore` where that is not all of them. */
export function ownCountQuery(api: Api, organisation: string) {
  return queryOptions({
    queryKey: [organisation, "conversations", "count"],
    queryFn: async ({ signal }) => {
      const params = { query: { limit: COUNTED } };
      const { items, cursor } = await settle(api.GET("/api/conversations", { params, signal }));
      return { count: items.length, isMore: cursor !== null };
    },
    staleTime: 0,
  });
}

export async function deleteOwn(api: Api): Promise<void> {
  await carryOut(api.DELETE("/api/conversations"));
}
