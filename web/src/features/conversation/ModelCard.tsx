/** The card of a model, in plain words. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/shapes";
import { Window } from "~/ui/Window";
import { useHighest } from "./useHighest";

export function ModelCard({ model }: { model: Model }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button className="text-button" onPress={() => setOpen(true)}>
        {t("models.card")}
      </Button>
      {isOpen && (
        <Window title={model.title} close={t("notice.close")} onClose={() => setOpen(false)}>
          <div className="card">
            <p>{model.description}</p>
            <Facts model={model} />
          </div>
        </Window>
      )}
    </>
  );
}

function Facts({ model }: { model: Model }) {
  const { t, i18n } = useTranslation();
  const level = useHighest(model.ceiling);
  const languages = useLanguages(model.languages, i18n.language);
  return (
    <dl className="facts">
      <dt>{t("models.how")}</dt>
      <dd>{t(model.kind === "extractive" ? "models.howExtractive" : "models.howChat")}</dd>
      <dt>{t("models.languages")}</dt>
      <dd>
        {languages ?? t("models.everyLanguage")}
        {!model.writes_swedish && model.kind !== "extractive" && `. ${t("models.noSwedish")}.`}
      </dd>
      {level !== "" && (
        <>
          <dt>{t("models.highest")}</dt>
          <dd>{level}</dd>
        </>
      )}
    </dl>
  );
}

/** The languages by their names; null where the model is bound to none. */
function useLanguages(codes: readonly string[], language: string): string | null {
  if (codes.length === 0 || codes.includes("*")) return null;
  const names = new Intl.DisplayNames([language], { type: "language" });
  return new Intl.ListFormat(language).format(codes.map((code) => names.of(code) ?? code));
}
