/** The most sensitive information that a model may see, in words where we have them. */
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/shapes";

const NAMED = ["public", "open", "internal", "confidential", "secret"] as const;

export function useCeiling({ ceiling }: Pick<Model, "ceiling">): string {
  const { t } = useTranslation();
  const named = NAMED.find((level) => level === ceiling);
  return named === undefined ? ceiling.toUpperCase() : t(`ceilings.${named}`);
}
