/** What to do about a fault, in words. */
import { useTranslation } from "react-i18next";
import { useLargest } from "./useLargest";
import type { Fault } from "./fault";

export function useAdvice(): (fault: Fault, id?: string | null) => string {
  const { t } = useTranslation();
  const largest = useLargest();
  return (fault, id = null) => {
    if (fault === "other") return t("documents.fault.other", { id: id ?? "–" });
    if (fault === "too_large" && largest.words !== null) return t("documents.fault.too_large_than", { largest: largest.words });
    return t(`documents.fault.${fault}`);
  };
}
