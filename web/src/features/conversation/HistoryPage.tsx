/** The conversations as a page of their own, where there is no room for them beside one. */
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { History } from "./History";

export function HistoryPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("history.title")}>
      <History />
    </Page>
  );
}
