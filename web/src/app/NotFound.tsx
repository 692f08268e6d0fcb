/** An address that leads nowhere. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "~/ui/useTitle";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("shell.notFound.title"));
  return (
    <div className="document">
      <h1 tabIndex={-1}>{t("shell.notFound.title")}</h1>
      <p>{t("shell.notFound.text")}</p>
      <p>
        <Link className="button" to="/">
          {t("shell.notFound.home")}
        </Link>
      </p>
    </div>
  );
}
