/** What a page needs and couldn't fetch, with another try. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import { ProblemNote } from "~/ui/ProblemNote";

export function Unfetched({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <ProblemNote problem={problemOf(fault)}>
      <Button className="button button-quiet" onPress={onRetry}>
        {t("problem.retry")}
      </Button>
    </ProblemNote>
  );
}
