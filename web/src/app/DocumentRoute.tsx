/** A document by its own address. */
import { useParams, useSearch } from "@tanstack/react-router";
import { DocumentPageView } from "~/features/passage/DocumentPageView";

export function DocumentRoute() {
  const { document } = useParams({ from: "/dokument/$document" });
  const { sida, fran, till } = useSearch({ from: "/dokument/$document" });
  return <DocumentPageView place={{ document, page: sida, start: fran, end: till, quote: "" }} />;
}
