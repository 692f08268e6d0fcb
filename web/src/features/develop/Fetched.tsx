/** What was fetched, or why it isn't here and how to try again. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { ProblemNote } from "~/ui/ProblemNote";

type Props<Data> = { query: UseQueryResult<Data>; children: (data: Data) => ReactNode };

export function Fetched<Data>({ query, children }: Props<Data>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error === null)
    return (
      <p className="quiet" aria-busy="true">
        {t("develop.loading")}
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
