/** What is left to say when a page breaks. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";

export function Crash() {
  const { t } = useTranslation();
  return (
    <section className="document">
      <h1>{t("problem.crash.title")}</h1>
      <p role="alert">{t("problem.crash.text")}</p>
      <Button className="button" onPress={() => window.location.reload()}>
        {t("problem.crash.reload")}
      </Button>
    </section>
  );
}
