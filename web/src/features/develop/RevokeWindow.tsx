/** Asks once before a key is ended, by its name. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { type ApiKey, keysQuery, revokeKey } from "~/api/keys";
import { problemOf } from "~/api/problem";
import { ProblemNote } from "~/ui/ProblemNote";
import { Over } from "./Over";
import { prefixOf } from "./keys";

type Props = { apiKey: ApiKey; onRevoked: () => void; onClose: () => void };

export function RevokeWindow({ apiKey, onRevoked, onClose }: Props) {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => revokeKey(api, apiKey.key),
    onSuccess: async () => {
      await queries.invalidateQueries(keysQuery(api, organisation));
      onRevoked();
    },
  });
  const { name } = apiKey;
  return (
    <Over role="alertdialog" title={t("develop.keys.revoking.title", { name })} onClose={onClose}>
      <p>{t("develop.keys.revoking.text", { prefix: prefixOf(apiKey.key) })}</p>
      {revoking.error !== null && <ProblemNote problem={problemOf(revoking.error)} />}
      <div className="actions">
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog: the focus must be in it, and this is the safe choice */}
        <Button className="button button-quiet" autoFocus onPress={onClose}>
          {t("develop.cancel")}
        </Button>
        <Button className="button button-danger" isDisabled={revoking.isPending} onPress={() => revoking.mutate()}>
          {t("develop.keys.revoking.action", { name })}
        </Button>
      </div>
    </Over>
  );
}
