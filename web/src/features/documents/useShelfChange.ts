/** A change to the organisation's documents: done, fetched anew, told; or the reason why not. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "~/api/ApiContext";
import { useAnnounce } from "~/ui/Announcer";

export type ShelfChange = Readonly<{
  fault: Error | null;
  isPending: boolean;
  /** Does it to `what`; when it is done, `told` is announced and `then` called. */
  run: (what: string, told: string, then: () => void) => void;
}>;

export function useShelfChange(change: (what: string) => Promise<void>): ShelfChange {
  const queries = useQueryClient();
  const { organisation } = useApi();
  const announce = useAnnounce();
  const { mutate, error, isPending } = useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: [organisation, "collections"] }),
  });
  const run: ShelfChange["run"] = (what, told, then) =>
    mutate(what, {
      onSuccess: () => {
        announce(told);
        then();
      },
    });
  return { fault: error, isPending, run };
}
