/** A place in a document as its address says it: ?sida=3&fran=120&till=240, and &vy=text or &vy=bild for how it is looked at. */
import { number } from "~/api/decode";

export type PlaceSearch = Readonly<{ sida: number; fran: number; till: number; vy?: "text" | "bild" }>;

/** Whatever the address holds becomes a place; what makes no sense is the first page, with nothing marked. */
export function readPlace(search: Record<string, unknown>): PlaceSearch {
  const place = { sida: whole(search["sida"], 1), fran: whole(search["fran"], 0), till: whole(search["till"], 0) };
  const vy = search["vy"];
  return vy === "text" || vy === "bild" ? { ...place, vy } : place;
}

function whole(value: unknown, least: number): number {
  const read = number(value);
  return read !== null && Number.isSafeInteger(read) && read >= least ? read : least;
}
