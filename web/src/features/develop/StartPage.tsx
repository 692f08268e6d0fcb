/** From nothing to a first answer: a key, where it is kept, and code that is ready to paste. */
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { cardsQuery } from "~/api/building";
import { Code } from "./Code";
import { CopyButton } from "./CopyButton";
import { DevelopPage } from "./DevelopPage";
import { Fetched } from "./Fetched";
import { FirstCall } from "./FirstCall";
import { KEEP_KEY, usable } from "./snippets";

const route = getRouteApi("/utveckla");

export function StartPage() {
  const { t, i18n } = useTranslation();
  const { api, organisation } = useApi();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const cards = useQuery(cardsQuery(api, organisation, i18n.language));
  const base = `${window.location.origin}/v1`;
  const choose = (part: Partial<typeof search>) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true, resetScroll: false });
  return (
    <DevelopPage title={t("develop.start.title")} lead={t("develop.start.lead")}>
      <ol className="steps">
        <KeyStep />
        <li className="step">
          <h2>{t("develop.start.keep.title")}</h2>
          <p>{t("develop.start.keep.text")}</p>
          <Code code={KEEP_KEY} what={t("develop.start.keep.what")} />
        </li>
        <li className="step">
          <h2>{t("develop.start.call.title")}</h2>
          <p>{t("develop.start.call.text")}</p>
          <Fetched query={cards}>
            {(models) => (
              <FirstCall
                models={usable(models)}
                chosen={search.modell ?? null}
                way={search.kod ?? "curl"}
                base={base}
                onModel={(modell) => choose({ modell })}
                onWay={(kod) => choose({ kod })}
              />
            )}
          </Fetched>
        </li>
      </ol>
      <Move base={base} />
    </DevelopPage>
  );
}

function KeyStep() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <li className="step">
      <h2>{t("develop.start.key.title")}</h2>
      <p>{t("develop.start.key.text")}</p>
      <p>
        <Link to="/utveckla/nycklar" className={may("key:create") ? "button" : "button button-quiet"}>
          {t(may("key:create") ? "develop.start.key.action" : "develop.start.key.list")}
        </Link>
      </p>
    </li>
  );
}

function Move({ base }: { base: string }) {
  const { t } = useTranslation();
  const variables = `export OPENAI_BASE_URL=${base}\nexport OPENAI_API_KEY="$VALV_API_KEY"`;
  return (
    <section className="part">
      <h2>{t("develop.start.move.title")}</h2>
      <p>{t("develop.start.move.text")}</p>
      <p className="base">
        <span>{t("develop.start.move.base")}</span>
        <code>{base}</code>
        <CopyButton text={base} what={t("develop.start.move.whatBase")} />
      </p>
      <Code code={variables} what={t("develop.start.move.whatVariables")} />
    </section>
  );
}
