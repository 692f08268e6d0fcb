/** The documents of a collection, the newest first. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "~/api/ApiContext";
import type { DocumentItem } from "~/api/shapes";
import { DeleteDocumentWindow } from "./DeleteWindows";
import { DocumentRow } from "./DocumentRow";
import { Empty } from "./Empty";
import type { UploadQueue } from "./UploadQueue";
import type { Upload } from "./uploads";

type Props = { documents: readonly DocumentItem[]; queue: UploadQueue; uploads: readonly Upload[] };

export function DocumentList({ documents, queue, uploads }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [leaving, setLeaving] = useState<DocumentItem | null>(null);
  if (documents.length === 0) {
    const advice = may("document:upload") ? "documents.list.noneWriter" : "documents.list.noneReader";
    return <Empty icon="page" title={t("documents.list.none")} text={t(advice)} />;
  }
  const uploadOf = (id: string) => uploads.find(({ stage }) => stage.at === "taken" && stage.document === id);
  return (
    <>
      <ul className="shelf" aria-label={t("documents.list.label")}>
        {documents.toReversed().map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            onDelete={may("document:delete") ? () => setLeaving(document) : null}
            onAgain={againWith(queue, uploadOf(document.id))}
          />
        ))}
      </ul>
      {leaving !== null && <DeleteDocumentWindow document={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

/** The same file once more, where it is still at hand. */
function againWith(queue: UploadQueue, upload: Upload | undefined): (() => void) | null {
  return upload === undefined ? null : () => queue.again(upload.id);
}
