/** How the installation is at this moment; nothing of what anybody asks in it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, useLocale } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { installationKey, installationQuery, ledgerQuery, organisationsQuery } from "~/api/installation";
import { usePreferences } from "~/preferences/PreferencesProvider";
import { useAnnounce } from "~/ui/Announcer";
import { Fetched } from "~/ui/Fetched";
import { Page } from "~/ui/Page";
import { Ledger } from "./Ledger";
import { Models } from "./Models";
import { Organisations } from "./Organisations";
import { Parts } from "./Parts";
import { Versions } from "./Versions";
import { moment } from "./figures";
import "./operate.css";

export function OperatePage() {
  const { t } = useTranslation();
  const { api } = useApi();
  const { preferences } = usePreferences();
  const installation = useQuery(installationQuery(api, preferences.language));
  const waiting = t("operate.fetching");
  return (
    <Page title={t("operate.title")} lead={t("operate.lead")} isWide actions={<Again />}>
      <Fetched query={installation} waiting={waiting}>
        {(seen) => (
          <>
            <Seen at={seen.at} />
            <Parts parts={seen.parts} />
            <Models models={seen.models} />
          </>
        )}
      </Fetched>
      <LedgerPart waiting={waiting} />
      <OrganisationsPart waiting={waiting} />
      {installation.data !== undefined && <Versions versions={installation.data.versions} database={installation.data.database} />}
    </Page>
  );
}

function Seen({ at }: { at: string }) {
  const { t } = useTranslation();
  const { locale } = useLocale();
  return (
    <p className="quiet">
      {t("operate.seen")} <time dateTime={at}>{moment(at, locale)}</time>. {t("operate.recorded")}
    </p>
  );
}

function Again() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const look = async () => {
    await queries.invalidateQueries({ queryKey: [...installationKey] });
    announce(t("operate.looked"));
  };
  return (
    <Button className="button button-quiet" onPress={() => void look()}>
      {t("operate.again")}
    </Button>
  );
}

function LedgerPart({ waiting }: { waiting: string }) {
  const { api } = useApi();
  const isAllowed = useMay()("ledger:inspect");
  const ledger = useQuery({ ...ledgerQuery(api), enabled: isAllowed });
  if (!isAllowed) return null;
  return (
    <Fetched query={ledger} waiting={waiting}>
      {(health) => <Ledger health={health} />}
    </Fetched>
  );
}

function OrganisationsPart({ waiting }: { waiting: string }) {
  const { api } = useApi();
  const isAllowed = useMay()("tenant:list");
  const organisations = useQuery({ ...organisationsQuery(api), enabled: isAllowed });
  if (!isAllowed) return null;
  return (
    <Fetched query={organisations} waiting={waiting}>
      {(items) => <Organisations items={items} />}
    </Fetched>
  );
}
