/** What lies over the list of keys: at most one thing at a time. The secret is here and nowhere else. */
import type { ApiKey, NewKey } from "~/api/keys";

export type Over =
  | Readonly<{ at: "nothing" }>
  | Readonly<{ at: "creating" }>
  | Readonly<{ at: "made"; made: NewKey; isSaved: boolean }>
  | Readonly<{ at: "revoking"; key: ApiKey }>;

export type Step =
  | Readonly<{ does: "create" }>
  | Readonly<{ does: "show"; made: NewKey }>
  | Readonly<{ does: "save"; isSaved: boolean }>
  | Readonly<{ does: "revoke"; key: ApiKey }>
  | Readonly<{ does: "close" }>;

export const NOTHING: Over = { at: "nothing" };

export function next(over: Over, step: Step): Over {
  switch (step.does) {
    case "create":
    case "revoke":
      return over.at === "nothing" ? opened(step) : over;
    case "show":
      return { at: "made", made: step.made, isSaved: false };
    case "save":
      return saved(over, step.isSaved);
    case "close":
      return closed(over);
  }
}

function opened(step: Extract<Step, { does: "create" | "revoke" }>): Over {
  return step.does === "create" ? { at: "creating" } : { at: "revoking", key: step.key };
}

function saved(over: Over, isSaved: boolean): Over {
  return over.at === "made" ? { ...over, isSaved } : over;
}

/** A secret that isn't saved stays in sight, whatever is pressed. */
function closed(over: Over): Over {
  return over.at === "made" && !over.isSaved ? over : NOTHING;
}
