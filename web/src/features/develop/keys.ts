/** Keys as people see them: what each may, and whether it is still in force. */
import type { ApiKey } from "~/api/keys";

/** What a key can be let do on /v1, in the order in which it is offered. */
export const SCOPES = [
  "chat:ask",
  "completion:create",
  "embedding:create",
  "passage:search",
  "collection:read",
  "model:list",
] as const;

export type Scope = (typeof SCOPES)[number];

/** The key of a scope's words: i18next takes a colon for a part of its own. */
export const SCOPE_WORDS = {
  "chat:ask": "chat",
  "completion:create": "completion",
  "embedding:create": "embedding",
  "passage:search": "search",
  "collection:read": "collections",
  "model:list": "models",
} as const satisfies Record<Scope, string>;

export function scopesOf(key: ApiKey): readonly Scope[] {
  return SCOPES.filter((scope) => key.scopes.includes(scope));
}

export type KeyState = "live" | "ending" | "expired" | "revoked";

const SOON = 14 * 86_400;

/** `now` in seconds since the epoch; a key that ends within two weeks is `ending`. */
export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.revoked_at !== null) return "revoked";
  if (key.expires_at <= now) return "expired";
  return key.expires_at - now <= SOON ? "ending" : "live";
}

export function isInForce(key: ApiKey, now: number): boolean {
  const state = stateOf(key, now);
  return state === "live" || state === "ending";
}

/** How a secret begins: enough to tell keys apart, nothing that opens anything. */
export function prefixOf(key: string): string {
  return `valv_${key}_…`;
}
