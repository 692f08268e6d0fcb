/** Which members are looked at, as the address says it: ?sok=anna&fran=50. */
import { number, text } from "~/api/decode";

export type MemberSearch = Readonly<{ sok?: string; fran?: number }>;

const LONGEST = 100;

/** Whatever the address holds becomes a search; what makes no sense is left out. */
export function readMemberSearch(search: Record<string, unknown>): MemberSearch {
  const asked = search["sok"];
  const words = (text(asked) ?? (number(asked) === null ? "" : String(asked))).trim().slice(0, LONGEST);
  const first = number(search["fran"]);
  return {
    ...(words === "" ? {} : { sok: words }),
    ...(first !== null && Number.isSafeInteger(first) && first > 0 && first <= 1_000_000 ? { fran: first } : {}),
  };
}
