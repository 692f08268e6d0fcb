/** How sensitive information may be, in words where we have them. */
import { useTranslation } from "react-i18next";
import { LEVELS } from "~/text/levels";

export function useCeiling(level: string): string {
  const { t } = useTranslation();
  const named = LEVELS.find((one) => one === level);
  return named === undefined ? level.toUpperCase() : t(`ceilings.${named}`);
}
