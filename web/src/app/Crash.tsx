/** What is left to say when a page breaks: it is told to the gateway, whose number the officer can look up. */
import { type ErrorComponentProps, useMatches, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { reportFault } from "~/api/faults";
import { Page } from "~/ui/Page";
import { Reference } from "~/ui/Reference";
import { BUILD } from "./version";

export function Crash({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const id = useReport(error);
  return (
    <Page title={t("problem.crash.title")}>
      <p role="alert">{t("problem.crash.text")}</p>
      {id !== null && <Reference id={id} />}
      <p>
        <Button className="button" onPress={() => window.location.reload()}>
          {t("problem.crash.reload")}
        </Button>
      </p>
    </Page>
  );
}

/** The number of the report; none where it could not be made. */
function useReport(error: unknown): string | null {
  const { api } = useRouter().options.context;
  const route = useMatches({ select: (matches) => matches.at(-1)?.fullPath ?? "/" });
  const [id, setId] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    const keep = (given: string | null) => isHere && setId(given);
    void reportFault(api, { route, build: BUILD, error: kindOf(error) }).then(keep, () => keep(null));
    return () => {
      isHere = false;
    };
  }, [api, route, error]);
  return id;
}

/** Nothing but the kind of an error leaves the page: its text may quote what is on it. */
function kindOf(error: unknown): string {
  return error instanceof Error && /^[A-Za-z]{1,40}$/u.test(error.name) ? error.name : "Error";
}
