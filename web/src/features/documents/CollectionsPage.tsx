/** The organisation's collections, and what can be done with them. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { collectionsQuery } from "~/api/library";
import type { Collection } from "~/api/shapes";
import { visibleName } from "~/text/visible";
import { Icon } from "~/ui/Icon";
import { Page } from "~/ui/Page";
import { CollectionWindow, type Doing } from "./CollectionWindow";
import { Empty } from "./Empty";
import { Unfetched } from "./Unfetched";
import "./documents.css";

export function CollectionsPage() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const mayWrite = useMay()("collection:write");
  const read = useQuery(collectionsQuery(api, organisation));
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <Page title={t("documents.title")} lead={t("documents.lead")} actions={mayWrite && <New onPress={() => setDoing({ what: "create" })} />}>
      {read.status === "pending" && <p className="working" aria-busy="true">{t("documents.loading")}</p>}
      {read.status === "error" && <Unfetched fault={read.error} onRetry={() => void read.refetch()} />}
      {read.status === "success" && <Shelf collections={read.data} mayWrite={mayWrite} onDoing={setDoing} />}
      {doing !== null && <CollectionWindow doing={doing} onClose={() => setDoing(null)} />}
    </Page>
  );
}

function New({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button" onPress={onPress}>
      <Icon name="plus" />
      {t("documents.collections.new")}
    </Button>
  );
}

type ShelfProps = { collections: readonly Collection[]; mayWrite: boolean; onDoing: (doing: Doing) => void };

function Shelf({ collections, mayWrite, onDoing }: ShelfProps) {
  const { t } = useTranslation();
  if (collections.length === 0) {
    const advice = mayWrite ? "documents.collections.noneWriter" : "documents.collections.noneReader";
    return <Empty icon="folder" title={t("documents.collections.none")} text={t(advice)} />;
  }
  return (
    <ul className="shelf" aria-label={t("documents.collections.heading")}>
      {collections.map((collection) => (
        <li key={collection.id} className="shelf-item">
          <Icon name="folder" />
          <div className="shelf-words">
            <Link to="/dokument/samling/$collection" params={{ collection: collection.id }}>
              {visibleName(collection.name)}
            </Link>
            <p className="quiet">{t("documents.count", { count: collection.documents })}</p>
          </div>
          {mayWrite && <Actions collection={collection} onDoing={onDoing} />}
        </li>
      ))}
    </ul>
  );
}

function Actions({ collection, onDoing }: { collection: Collection; onDoing: (doing: Doing) => void }) {
  const { t } = useTranslation();
  const name = visibleName(collection.name);
  return (
    <div className="shelf-actions">
      <Button className="icon-button" aria-label={t("documents.collections.renameOf", { name })} onPress={() => onDoing({ what: "rename", collection })}>
        <Icon name="pen" />
      </Button>
      <Button className="icon-button" aria-label={t("documents.collections.deleteOf", { name })} onPress={() => onDoing({ what: "delete", collection })}>
        <Icon name="trash" />
      </Button>
    </div>
  );
}
