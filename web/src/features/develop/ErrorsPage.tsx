/** Every error that programmes meet, from the table that the gateway answers from. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { type KnownError, errorsQuery } from "~/api/building";
import { DevelopPage } from "./DevelopPage";
import { Fetched } from "./Fetched";
import { Fact } from "./ModelCardView";

const route = getRouteApi("/utveckla/fel");

export function ErrorsPage() {
  const { t, i18n } = useTranslation();
  const { api, organisation } = useApi();
  const [wanted, setWanted] = useState(route.useSearch().q ?? "");
  const navigate = route.useNavigate();
  const errors = useQuery(errorsQuery(api, organisation, i18n.language));
  const find = (typed: string) => {
    setWanted(typed);
    void navigate({ search: typed === "" ? {} : { q: typed }, replace: true, resetScroll: false });
  };
  return (
    <DevelopPage title={t("develop.errors.title")} lead={t("develop.errors.lead")}>
      <Finder wanted={wanted} onFind={find} />
      <Fetched query={errors}>{(known) => <Found errors={known.filter((one) => fits(one, wanted))} />}</Fetched>
    </DevelopPage>
  );
}

function fits(error: KnownError, wanted: string): boolean {
  const all = [String(error.status), error.code, error.type, error.message, error.cause, error.fix].join(" ");
  return all.toLowerCase().includes(wanted.trim().toLowerCase());
}

function Finder({ wanted, onFind }: { wanted: string; onFind: (wanted: string) => void }) {
  const { t } = useTranslation();
  const field = useId();
  return (
    <p className="field">
      <label htmlFor={field}>{t("develop.errors.find")}</label>
      <input id={field} className="input" type="search" value={wanted} onChange={(event) => onFind(event.target.value)} />
    </p>
  );
}

function Found({ errors }: { errors: readonly KnownError[] }) {
  const { t } = useTranslation();
  return (
    <>
      <output className="quiet">
        {errors.length === 0 ? t("develop.errors.none") : t("develop.errors.count", { count: errors.length })}
      </output>
      <ul className="cards">
        {errors.map((error) => (
          <li key={error.code} className="card" id={error.code}>
            <h2 className="error-code">
              <span className="tag">{error.status}</span> <code>{error.code}</code>
            </h2>
            <dl className="facts">
              <Fact name={t("develop.errors.cause")}>{error.cause}</Fact>
              <Fact name={t("develop.errors.fix")}>{error.fix}</Fact>
              <Fact name={t("develop.errors.message")}>
                <span lang="en">{error.message}</span>
              </Fact>
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
