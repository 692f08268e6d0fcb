/** Which of our own words fit a problem. */
import type { Problem } from "~/api/problem";

const BY_SLUG = ["unreachable", "garbled", "audit_unavailable"] as const;

const BY_STATUS = {
  400: "s422",
  401: "s401",
  403: "s403",
  404: "s404",
  413: "s413",
  422: "s422",
  429: "s429",
  502: "s502",
  503: "s503",
  504: "s502",
} as const;

type Slug = (typeof BY_SLUG)[number];
type Status = keyof typeof BY_STATUS;

export type ProblemKey = Slug | (typeof BY_STATUS)[Status] | "other";

/** The slug decides where we know it, then the status. */
export function problemKey({ slug, status }: Pick<Problem, "slug" | "status">): ProblemKey {
  const known = BY_SLUG.find((one) => one === slug);
  if (known !== undefined) return known;
  return isKnown(status) ? BY_STATUS[status] : "other";
}

function isKnown(status: number): status is Status {
  return Object.hasOwn(BY_STATUS, status);
}
