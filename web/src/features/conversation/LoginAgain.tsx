/** The way back in, where a session has ended: to this very page. */
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import type { Problem } from "~/api/problem";
import { loginAddress } from "~/api/session";

export function LoginAgain({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const { organisation } = useApi();
  if (problem.status !== 401) return null;
  const here = window.location.pathname + window.location.search;
  return (
    <a className="button" href={loginAddress(here, organisation)}>
      {t("problem.login")}
    </a>
  );
}
