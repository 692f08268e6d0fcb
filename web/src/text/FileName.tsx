/** A file's name, which in a narrow place is broken between its parts before it is within one. */
import { Fragment } from "react";
import { nameParts } from "./nameParts";

export function FileName({ name }: { name: string }) {
  return nameParts(name).map((part, position) => (
    // oxlint-disable-next-line react/no-array-index-key -- the parts of a name never move
    <Fragment key={position}>
      {position > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
