/** What was used, by day and key, and what is left of the limits now. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { keysQuery } from "~/api/keys";
import { type Days, limitsQuery, usageQuery } from "~/api/usage";
import { DevelopPage } from "./DevelopPage";
import { Fetched } from "./Fetched";
import { LimitHeaders } from "./LimitHeaders";
import { Meters } from "./Meters";
import { Period } from "./Period";
import { UsageView } from "./UsageView";
import { lastDays, within } from "./days";
import type { UsageSearch } from "./search";
import { useNow } from "./useNow";
import "./usage.css";

const USUAL = 30;

const route = getRouteApi("/utveckla/anvandning");

export function UsagePage() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const now = useNow();
  const days = daysOf(search, now);
  const limits = useQuery(limitsQuery(api, organisation));
  const usage = useQuery(usageQuery(api, organisation, days));
  const keys = useQuery(keysQuery(api, organisation));
  const choose = (part: UsageSearch) => void navigate({ search: (last) => ({ ...last, ...part }), resetScroll: false });
  return (
    <DevelopPage title={t("develop.usage.title")} lead={t("develop.usage.lead")} isWide>
      <section className="part">
        <h2>{t("develop.usage.left")}</h2>
        <Fetched query={limits}>{(left) => <Meters limits={left} />}</Fetched>
      </section>
      <section className="part">
        <h2>{t("develop.usage.title")}</h2>
        <Period
          key={`${days.from} ${days.to}`}
          days={days}
          now={now}
          measure={search.matt ?? "anrop"}
          onDays={({ from, to }) => choose({ fran: from, till: to })}
          onMeasure={(matt) => choose({ matt })}
        />
        <Fetched query={usage}>
          {({ items }) => (
            <UsageView
              days={days}
              items={items}
              names={new Map((keys.data ?? []).map(({ key, name }) => [key, name]))}
              measure={search.matt ?? "anrop"}
              isTable={search.tabell === true}
              onTable={(isTable) => choose({ tabell: isTable ? true : undefined })}
            />
          )}
        </Fetched>
      </section>
      <LimitHeaders />
    </DevelopPage>
  );
}

function daysOf({ fran, till }: UsageSearch, now: number): Days {
  return fran === undefined || till === undefined ? lastDays(USUAL, now) : within({ from: fran, to: till });
}
