/** The dialogs about a collection: a new one, another name, its end. */
import type { Collection } from "~/api/shapes";
import { CreateWindow, RenameWindow } from "./NameWindow";
import { DeleteCollectionWindow } from "./DeleteWindows";

export type Doing = { what: "create" } | { what: "rename" | "delete"; collection: Collection };

type Props = { doing: Doing; onClose: () => void };

export function CollectionWindow({ doing, onClose }: Props) {
  switch (doing.what) {
    case "create":
      return <CreateWindow onClose={onClose} />;
    case "rename":
      return <RenameWindow collection={doing.collection} onClose={onClose} />;
    case "delete":
      return <DeleteCollectionWindow collection={doing.collection} onClose={onClose} />;
  }
}
