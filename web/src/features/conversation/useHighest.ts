/** How sensitive what is sent to a model may be: the stricter of what the workspace and the model allow, in words. */
import { useApi } from "~/api/ApiContext";
import { strictest } from "~/text/levels";
import { useCeiling } from "./useCeiling";

export function useHighest(ceiling: string): string {
  const { classification } = useApi();
  return useCeiling(strictest(classification, ceiling));
}
