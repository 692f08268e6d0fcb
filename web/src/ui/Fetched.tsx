/** What a part of the page shows while it is fetched, when it could not be, and when it is here. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { ProblemNote } from "./ProblemNote";

type Props<Data> = { query: UseQueryResult<Data>; waiting: string; children: (data: Data) => ReactNode };

export function Fetched<Data>({ query, waiting, children }: Props<Data>) {
  const { t } = useTranslation();
  if (query.data !== undefined && query.error === null) return children(query.data);
  if (query.error === null)
    return (
      <p className="quiet" aria-busy="true">
        {waiting}
      </p>
    );
  return (
    <ProblemNote problem={problemOf(query.error)}>
      <Button className="button button-quiet" onPress={() => void query.refetch()}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}
