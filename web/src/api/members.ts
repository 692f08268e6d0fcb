/** The members of the organisation, and their roles. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type Api, carryOut, settle } from "./client";

export type Wanted = Readonly<{ search: string; first: number }>;

export const membersKey = (organisation: string) => [organisation, "members"];

export function membersQuery(api: Api, organisation: string, wanted: Wanted) {
  return queryOptions({
    queryKey: [...membersKey(organisation), wanted],
    queryFn: ({ signal }) => settle(api.GET("/api/members", { params: { query: wanted }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function addMember(api: Api, email: string, roles: readonly string[]) {
  return settle(api.POST("/api/members", { body: { email, roles: [...roles] } }));
}

export function assignRoles(api: Api, member: string, roles: readonly string[]) {
  return settle(api.PUT("/api/members/{member}/roles", { params: { path: { member } }, body: { roles: [...roles] } }));
}

export function removeMember(api: Api, member: string): Promise<void> {
  return carryOut(api.DELETE("/api/members/{member}", { params: { path: { member } } }));
}
