/** The ways to what everyone may read; the same on every page. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function Footer() {
  const { t } = useTranslation();
  return (
    <footer className="foot-links">
      <nav aria-label={t("shell.links")}>
        <Link to="/om">{t("shell.about")}</Link>
        <Link to="/integritet">{t("shell.privacy")}</Link>
        <Link to="/tillganglighet">{t("shell.accessibility")}</Link>
      </nav>
    </footer>
  );
}
