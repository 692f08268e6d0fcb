/** What a person can be in the organisation, and what nobody can be at once. */

export const ROLES = ["employee", "prototyper", "security-officer", "tenant-admin"] as const;

export type Role = (typeof ROLES)[number];

/** The roles that we have words for, in their order. */
export function known(roles: readonly string[]): Role[] {
  return ROLES.filter((role) => roles.includes(role));
}

/** Whoever reads the log must not be the one who rules what it is about. */
export function clashes(roles: readonly string[]): boolean {
  return roles.includes("security-officer") && roles.includes("tenant-admin");
}

export function isSame(one: readonly string[], other: readonly string[]): boolean {
  return known(one).join(" ") === known(other).join(" ");
}
