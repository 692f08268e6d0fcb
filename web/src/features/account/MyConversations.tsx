/** One's own conversations: taken out as a file, or deleted, all at once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { EXPORT_ADDRESS, deleteOwn, ownCountQuery } from "~/api/mine";
import { problemOf } from "~/api/problem";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { Window } from "~/ui/Window";

export function MyConversations() {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const { mutate, isPending, isSuccess, error } = useDeletion(() => setAsking(false));
  return (
    <section className="settings-part">
      <h2>{t("settings.data")}</h2>
      <p className="quiet">{t("settings.dataText")}</p>
      {isSuccess && <p className="note">{t("settings.deleted")}</p>}
      <div className="actions">
        <a className="button button-quiet" href={EXPORT_ADDRESS} download>
          <Icon name="save" />
          {t("settings.export")}
        </a>
        <Button className="button button-danger" onPress={() => setAsking(true)}>
          {t("settings.delete")}
        </Button>
      </div>
      {isAsking && (
        <Window title={t("settings.confirm.title")} close={t("settings.confirm.no")} onClose={() => setAsking(false)}>
          <WhatGoes />
          {error !== null && <ProblemNote problem={problemOf(error)} />}
          <div className="actions">
            <Button className="button button-quiet" onPress={() => setAsking(false)}>
              {t("settings.confirm.no")}
            </Button>
            <Button className="button button-danger" isDisabled={isPending} onPress={() => mutate()}>
              {t("settings.confirm.yes")}
            </Button>
          </div>
        </Window>
      )}
    </section>
  );
}

function WhatGoes() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const { data } = useQuery(ownCountQuery(api, organisation));
  return (
    <>
      {data !== undefined && <p>{t(data.isMore ? "settings.confirm.many" : "settings.confirm.counted", { count: data.count })}</p>}
      <p>{t("settings.confirm.drafts")}</p>
      <p>{t("settings.confirm.log")}</p>
    </>
  );
}

/** Deletes everything, on the server and in this tab. */
function useDeletion(onDone: () => void) {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: () => deleteOwn(api),
    onSuccess: async () => {
      window.sessionStorage.clear();
      onDone();
      announce(t("settings.deleted"));
      await queries.invalidateQueries({ queryKey: [organisation] });
    },
  });
}
