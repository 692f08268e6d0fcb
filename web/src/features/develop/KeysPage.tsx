/** The organisation's keys: seen, made, ended. */
import { useQuery } from "@tanstack/react-query";
import { useReducer, useRef } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { keysQuery } from "~/api/keys";
import { useAnnounce } from "~/ui/Announcer";
import { CreateWindow } from "./CreateWindow";
import { DevelopPage } from "./DevelopPage";
import { Fetched } from "./Fetched";
import { KeyLists } from "./KeyLists";
import { RevokeWindow } from "./RevokeWindow";
import { SecretWindow } from "./SecretWindow";
import { useNow } from "./useNow";
import { useReturn } from "./useReturn";
import { NOTHING, next } from "./window";

export function KeysPage() {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const may = useMay();
  const announce = useAnnounce();
  const keys = useQuery(keysQuery(api, organisation));
  const now = useNow() / 1000;
  const [over, step] = useReducer(next, NOTHING);
  const heading = useRef<HTMLHeadingElement>(null);
  const maker = useRef<HTMLButtonElement>(null);
  const returnTo = useReturn(over.at === "nothing");
  const close = () => step({ does: "close" });
  const closeNew = () => {
    returnTo(maker.current);
    close();
  };
  const ended = (name: string) => {
    returnTo(heading.current);
    close();
    announce(t("develop.keys.revoking.done", { name }));
  };
  const create = may("key:create") && (
    <Button ref={maker} className="button" onPress={() => step({ does: "create" })}>
      {t("develop.keys.create")}
    </Button>
  );
  return (
    <DevelopPage title={t("develop.keys.title")} lead={t("develop.keys.lead")} actions={create}>
      <Fetched query={keys}>
        {(all) => (
          <KeyLists
            heading={heading}
            keys={all}
            now={now}
            onRevoke={may("key:revoke") ? (key) => step({ does: "revoke", key }) : null}
          />
        )}
      </Fetched>
      {over.at === "creating" && <CreateWindow onMade={(made) => step({ does: "show", made })} onClose={closeNew} />}
      {over.at === "made" && (
        <SecretWindow
          made={over.made}
          isSaved={over.isSaved}
          onSaved={(isSaved) => step({ does: "save", isSaved })}
          onClose={closeNew}
        />
      )}
      {over.at === "revoking" && <RevokeWindow apiKey={over.key} onRevoked={() => ended(over.key.name)} onClose={close} />}
    </DevelopPage>
  );
}
