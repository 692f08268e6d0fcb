/** Asking, with the source that is open beside it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Suspense, lazy, useCallback, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { collectionsQuery, modelsQuery } from "~/api/library";
import { problemOf } from "~/api/problem";
import { loginAddress } from "~/api/session";
import { AskPage } from "~/features/conversation/AskPage";
import { usePreferences } from "~/preferences/PreferencesProvider";
import type { Citation } from "~/stream/events";
import { ProblemNote } from "~/ui/ProblemNote";
import { useMedia } from "~/ui/useMedia";
import { useSharedAsking } from "./AskingContext";

const PassagePanel = lazy(async () => ({
  default: (await import("~/features/passage/PassagePanel")).PassagePanel,
}));

export function AskRoute() {
  const { api, organisation, classification } = useApi();
  const { preferences } = usePreferences();
  const asking = useSharedAsking();
  const models = useQuery({ ...modelsQuery(api, organisation, preferences.language), placeholderData: keepPreviousData });
  const collections = useQuery(collectionsQuery(api, organisation));
  const isNarrow = useMedia("(max-width: 64rem)");
  const source = useOpenSource();
  const fault = models.error ?? collections.error;
  const retry = () => void Promise.all([models.refetch(), collections.refetch()]);
  return (
    <div className={source.citation === null || isNarrow ? "room" : "room room-split"}>
      <div>
        {fault !== null && <Unfetched fault={fault} onRetry={retry} />}
        <AskPage
          asking={asking}
          models={models.data ?? []}
          collections={collections.data ?? []}
          classification={classification}
          readAloud={preferences.readAloud}
          onOpen={source.open}
          onLogin={() => window.location.assign(loginAddress("/", organisation))}
        />
      </div>
      {source.citation !== null && (
        <Suspense fallback={null}>
          <PassagePanel citation={source.citation} isNarrow={isNarrow} onClose={source.close} />
        </Suspense>
      )}
    </div>
  );
}

function Unfetched({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <ProblemNote problem={problemOf(fault)}>
      <Button className="button button-quiet" onPress={onRetry}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}

/** The citation whose source is open; closing it gives the focus back to what opened it. */
function useOpenSource() {
  const [citation, setCitation] = useState<Citation | null>(null);
  const opener = useRef<Element | null>(null);
  const open = useCallback((chosen: Citation) => {
    opener.current = document.activeElement;
    setCitation(chosen);
  }, []);
  const close = () => {
    setCitation(null);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return { citation, open, close };
}
