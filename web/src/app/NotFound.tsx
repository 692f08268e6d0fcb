/** An address that leads nowhere. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("shell.notFound.title")} lead={t("shell.notFound.text")}>
      <p>
        <Link className="button" to="/">
          {t("shell.notFound.home")}
        </Link>
      </p>
    </Page>
  );
}
