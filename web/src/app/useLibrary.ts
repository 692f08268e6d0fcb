/** What can be asked of, from the query cache. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { collectionsQuery, modelsQuery } from "~/api/library";
import type { Library } from "~/features/conversation/Dock";
import { usePreferences } from "~/preferences/PreferencesProvider";

export function useLibrary(): { library: Library; fault: Error | null; retry: () => void } {
  const { api, organisation, classification } = useApi();
  const { preferences } = usePreferences();
  const models = useQuery({ ...modelsQuery(api, organisation, preferences.language), placeholderData: keepPreviousData });
  const collections = useQuery(collectionsQuery(api, organisation));
  return {
    library: { models: models.data ?? [], collections: collections.data ?? [], classification },
    fault: models.error ?? collections.error,
    retry: () => void Promise.all([models.refetch(), collections.refetch()]),
  };
}
