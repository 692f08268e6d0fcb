/** Where files are dropped, or chosen. */
import { type DragEvent, useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";
import { useMedia } from "~/ui/useMedia";
import type { UploadQueue } from "./UploadQueue";
import { useLargest } from "./useLargest";

export function DropArea({ queue }: { queue: UploadQueue }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const largest = useLargest();
  const hasFinePointer = useMedia("(pointer: fine)");
  const add = (files: readonly File[]) => {
    if (files.length === 0) return;
    announce(t("documents.upload.chosen", { count: files.length }));
    queue.add(files, largest.bytes);
  };
  const { isOver, ...drop } = useDrop(add, () => announce(t("documents.upload.folders")));
  return (
    <div className={isOver ? "drop drop-over" : "drop"} {...drop}>
      <Icon name="upload" />
      {hasFinePointer && <p>{isOver ? t("documents.upload.dropHere") : t("documents.upload.drop")}</p>}
      <FileTrigger allowsMultiple onSelect={(chosen) => add([...(chosen ?? [])])}>
        <Button className="button">{t("documents.upload.choose")}</Button>
      </FileTrigger>
      {largest.words !== null && <p className="quiet drop-help">{t("documents.upload.help", { largest: largest.words })}</p>}
    </div>
  );
}

/** What a drop area listens to. A folder has no content of its own: it is told of and left alone. */
function useDrop(onFiles: (files: readonly File[]) => void, onFolder: () => void) {
  const [isOver, setOver] = useState(false);
  return {
    isOver,
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
      const files = items.filter((item) => item.webkitGetAsEntry()?.isDirectory !== true).map((item) => item.getAsFile());
      if (files.length < items.length) onFolder();
      onFiles(files.filter((file) => file !== null));
    },
  };
}
