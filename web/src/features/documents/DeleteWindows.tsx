/** Asks once more before something ends, by its name. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { deleteCollection, deleteDocument } from "~/api/documents";
import { problemOf } from "~/api/problem";
import type { Collection, DocumentItem } from "~/api/shapes";
import { visibleName } from "~/text/visible";
import { ProblemNote } from "~/ui/ProblemNote";
import { Window } from "~/ui/Window";
import { useShelfChange } from "./useShelfChange";

type CollectionProps = { collection: Collection; onClose: () => void };

export function DeleteCollectionWindow({ collection, onClose }: CollectionProps) {
  const { t } = useTranslation();
  const { api } = useApi();
  const name = visibleName(collection.name);
  const change = useShelfChange((id: string) => deleteCollection(api, id));
  return (
    <ConfirmWindow
      title={t("documents.collections.deleteTitle")}
      text={t("documents.collections.deleteText", { name, count: collection.documents })}
      confirm={t("documents.collections.deleteConfirm")}
      change={change}
      onConfirm={() => change.run(collection.id, t("documents.collections.deleted", { name }), onClose)}
      onClose={onClose}
    />
  );
}

type DocumentProps = { document: DocumentItem; onClose: () => void };

export function DeleteDocumentWindow({ document, onClose }: DocumentProps) {
  const { t } = useTranslation();
  const { api } = useApi();
  const name = visibleName(document.name);
  const change = useShelfChange((id: string) => deleteDocument(api, id));
  return (
    <ConfirmWindow
      title={t("documents.list.deleteTitle")}
      text={t("documents.list.deleteText", { name })}
      confirm={t("documents.list.deleteConfirm")}
      change={change}
      onConfirm={() => change.run(document.id, t("documents.list.deleted", { name }), onClose)}
      onClose={onClose}
    />
  );
}

type Props = {
  title: string;
  text: string;
  confirm: string;
  change: { fault: Error | null; isPending: boolean };
  onConfirm: () => void;
  onClose: () => void;
};

function ConfirmWindow({ title, text, confirm, change, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Window title={title} close={t("documents.close")} onClose={onClose}>
      <div className="form">
        {change.fault !== null && <ProblemNote problem={problemOf(change.fault)} />}
        <p className="named">{text}</p>
        <div className="actions">
          <Button className="button button-danger" isDisabled={change.isPending} onPress={onConfirm}>
            {confirm}
          </Button>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the harmless choice is the one that Enter makes */}
          <Button className="button button-quiet" autoFocus onPress={onClose}>
            {t("documents.keep")}
          </Button>
        </div>
      </div>
    </Window>
  );
}
