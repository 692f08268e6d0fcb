/** A collection: the files on their way in, and the documents that there are. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { collectionsQuery } from "~/api/library";
import { problemOf } from "~/api/problem";
import { visibleName } from "~/text/visible";
import { Icon } from "~/ui/Icon";
import { Page } from "~/ui/Page";
import { DocumentList } from "./DocumentList";
import { DropArea } from "./DropArea";
import { Empty } from "./Empty";
import { Unfetched } from "./Unfetched";
import { UploadList } from "./UploadList";
import type { UploadQueue } from "./UploadQueue";
import type { Upload } from "./uploads";
import { useDocuments } from "./useDocuments";
import { useNews } from "./useNews";
import { useUploads } from "./useUploads";
import "./documents.css";

export function CollectionPage({ collection }: { collection: string }) {
  const { t } = useTranslation();
  const read = useDocuments(collection);
  const { queue, uploads } = useUploads(collection);
  const heading = useName(collection);
  useNews(read.data, uploads);
  if (read.status === "error" && problemOf(read.error).status === 404) return <Missing />;
  return (
    <Page title={t("documents.collections.one")} heading={heading}>
      <ToAll />
      <Entrance queue={queue} uploads={uploads} />
      {read.status === "pending" && <p className="working" aria-busy="true">{t("documents.loading")}</p>}
      {read.status === "error" && <Unfetched fault={read.error} onRetry={() => void read.refetch()} />}
      {read.status === "success" && <DocumentList documents={read.data} queue={queue} uploads={uploads} />}
    </Page>
  );
}

function useName(collection: string): string {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const { data } = useQuery(collectionsQuery(api, organisation));
  const named = data?.find(({ id }) => id === collection);
  return named === undefined ? t("documents.collections.one") : visibleName(named.name);
}

/** The way in for files, for whoever may add some. */
function Entrance({ queue, uploads }: { queue: UploadQueue; uploads: readonly Upload[] }) {
  if (!useMay()("document:upload")) return null;
  return (
    <>
      <DropArea queue={queue} />
      <UploadList queue={queue} uploads={uploads} />
    </>
  );
}

function ToAll() {
  const { t } = useTranslation();
  return (
    <Link className="text-button above" to="/dokument">
      <Icon name="back" />
      {t("documents.collections.all")}
    </Link>
  );
}

function Missing() {
  const { t } = useTranslation();
  return (
    <Page title={t("documents.collections.missing")}>
      <ToAll />
      <Empty icon="folder" title={t("documents.collections.missing")} text={t("documents.collections.missingText")} />
    </Page>
  );
}
