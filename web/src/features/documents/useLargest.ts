/** The largest file that is taken in. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { largestFileQuery } from "~/api/library";
import { sizeIn } from "~/text/size";

export function useLargest(): { bytes: number | null; words: string | null } {
  const { api, organisation } = useApi();
  const { i18n } = useTranslation();
  const { data } = useQuery(largestFileQuery(api, organisation));
  return data === undefined ? { bytes: null, words: null } : { bytes: data, words: sizeIn(data, i18n.language) };
}
