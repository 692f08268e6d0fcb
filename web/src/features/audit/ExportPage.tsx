/** Evidence packages: made of what is looked for, fetched while they are kept, and verified without Valv. */
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { integrityQuery } from "~/api/audit";
import { problemOf } from "~/api/problem";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { AuditPage } from "./AuditPage";
import { chipsOf } from "./Chips";
import { ExportJob } from "./ExportJob";
import { Visible } from "./Visible";
import { type AuditSearch, EXACT, filterOf, readSearch } from "./search";
import { useExports } from "./useJobs";
import "./jobs.css";

export function ExportPage() {
  const { t } = useTranslation();
  const search = readSearch(useSearch({ from: "/granskning/exporter" }));
  const announce = useAnnounce();
  const { jobs, begin, cancel } = useExports();
  const fault = begin.error ?? cancel.error ?? jobs.error;
  const start = () => begin.mutate(filterOf(search, Date.now()), { onSuccess: () => announce(t("audit.export.began")) });
  return (
    <AuditPage title={t("audit.export.title")} lead={t("audit.export.lead")} search={search}>
      <section className="job-part" aria-labelledby="export-what">
        <h2 id="export-what">{t("audit.export.what")}</h2>
        <Selection search={search} />
        <div className="actions">
          <Button className="button" onPress={start} isDisabled={begin.isPending}>
            <Icon name="save" />
            {t("audit.export.start")}
          </Button>
          <Link to="/granskning" activeOptions={EXACT} search={search} className="button button-quiet">
            {t("audit.export.change")}
          </Link>
        </div>
      </section>
      {fault !== null && <ProblemNote problem={problemOf(fault)} />}
      <section className="job-part" aria-labelledby="exports">
        <h2 id="exports">{t("audit.export.jobs")}</h2>
        {jobs.data?.length === 0 && <p className="quiet">{t("audit.export.none")}</p>}
        <ul className="runs">
          {jobs.data?.map((job) => (
            <li key={job.id}>
              <ExportJob job={job} now={jobs.dataUpdatedAt} onCancel={() => cancel.mutate(job.id)} />
            </li>
          ))}
        </ul>
      </section>
      <HowTo />
    </AuditPage>
  );
}

function Selection({ search }: { search: AuditSearch }) {
  const { t, i18n } = useTranslation();
  const chips = chipsOf(t, i18n.language, search);
  if (chips.length === 0) return <p>{t("audit.export.everything")}</p>;
  return (
    <ul className="selection">
      {chips.map(({ key, name }) => <li key={key}><Visible text={name} /></li>)}
    </ul>
  );
}

function HowTo() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const { data } = useQuery(integrityQuery(api, organisation));
  return (
    <section className="job-part" aria-labelledby="export-how">
      <h2 id="export-how">{t("audit.export.how")}</h2>
      <p>{t("audit.export.howText")}</p>
      {data !== undefined && (
        <pre className="command">{`python -m audit verify bundle.zip --vkey "${data.vkey}"`}</pre>
      )}
      <p className="quiet">{t("audit.export.howKey")}</p>
      <p className="quiet">{t("audit.export.codes")}</p>
    </section>
  );
}
