/** Every model, with what a programme needs to know of it. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { cardsQuery } from "~/api/building";
import { DevelopPage } from "./DevelopPage";
import { Fetched } from "./Fetched";
import { ModelCardView } from "./ModelCardView";

export function ModelsPage() {
  const { t, i18n } = useTranslation();
  const { api, organisation } = useApi();
  const cards = useQuery({ ...cardsQuery(api, organisation, i18n.language), refetchInterval: 30_000 });
  return (
    <DevelopPage title={t("develop.models.title")} lead={t("develop.models.lead")}>
      <Fetched query={cards}>
        {(models) => (
          <ul className="cards">
            {models.map((model) => (
              <li key={model.name}>
                <ModelCardView model={model} />
              </li>
            ))}
          </ul>
        )}
      </Fetched>
    </DevelopPage>
  );
}
