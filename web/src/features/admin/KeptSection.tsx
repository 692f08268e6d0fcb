/** The collections, and how long things are kept, as it is in force. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { collectionsQuery } from "~/api/library";
import { retentionQuery } from "~/api/organisation";
import type { Retention } from "~/api/shapes";
import { Fetched } from "~/ui/Fetched";

export function CollectionsSection() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const collections = useQuery(collectionsQuery(api, organisation));
  return (
    <section className="part" aria-labelledby="collections">
      <h2 id="collections">{t("admin.collections.title")}</h2>
      <Fetched waiting={t("admin.fetching")} query={collections}>
        {(items) =>
          items.length === 0 ? (
            <p>{t("admin.collections.none")}</p>
          ) : (
            <ul className="kept">
              {items.map(({ id, name, documents }) => (
                <li key={id}>
                  <Link to="/dokument/samling/$collection" params={{ collection: id }}>
                    {name}
                  </Link>
                  <span className="quiet">{t("admin.collections.documents", { count: documents })}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Fetched>
    </section>
  );
}

export function RetentionSection() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const retention = useQuery(retentionQuery(api, organisation));
  return (
    <section className="part" aria-labelledby="retention">
      <h2 id="retention">{t("admin.retention.title")}</h2>
      <p className="quiet">{t("admin.retention.lead")}</p>
      <Fetched waiting={t("admin.fetching")} query={retention}>{(kept) => <Kept kept={kept} />}</Fetched>
    </section>
  );
}

function Kept({ kept }: { kept: Retention }) {
  const { t } = useTranslation();
  const days = (count: number | null) => (count === null ? t("admin.retention.open") : t("admin.retention.days", { count }));
  const ending = (count: number | null) => (count === null ? t("admin.retention.kept") : days(count));
  const rows = [
    [t("admin.retention.conversations"), days(kept.conversations_days)],
    [t("admin.retention.documents"), days(kept.documents_days)],
    [t("admin.retention.records"), ending(kept.records_days)],
    [t("admin.retention.usage"), ending(kept.usage_days)],
    [t("admin.retention.content"), t(kept.content_captured ? "admin.retention.captured" : "admin.retention.notCaptured")],
    [
      t("admin.retention.session"),
      t("admin.retention.sessionTimes", { minutes: kept.session_idle_seconds / 60, hours: kept.session_seconds / 3600 }),
    ],
  ];
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
