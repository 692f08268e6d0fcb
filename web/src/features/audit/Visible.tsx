/** Text by others as plain text, with what can't be seen written out. */
import { visible } from "./unseen";

export function Visible({ text }: { text: string }) {
  return (
    <bdi>
      {visible(text).map((part, place) =>
        // oxlint-disable-next-line react/no-array-index-key -- parts of one text never change places
        part.isWritten ? <mark key={place} className="unseen">{part.text}</mark> : part.text,
      )}
    </bdi>
  );
}
