/** A collection by its own address. */
import { useParams } from "@tanstack/react-router";
import { CollectionPage } from "~/features/documents/CollectionPage";

export function CollectionRoute() {
  const { collection } = useParams({ from: "/dokument/samling/$collection" });
  return <CollectionPage key={collection} collection={collection} />;
}
