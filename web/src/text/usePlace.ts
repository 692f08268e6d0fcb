/** Where a citation comes from, in words: the document, and the page where it has pages. */
import { useTranslation } from "react-i18next";
import type { Citation } from "~/stream/events";
import { fileName } from "./harmless";

export function usePlace({ name, page }: Pick<Citation, "name" | "page">): string {
  const { t } = useTranslation();
  const document = fileName(name);
  return page === null ? document : t("answer.place", { name: document, page });
}
