/** What all people of the organisation are told on every page. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button, Label, Text, TextArea, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { showBanner } from "~/api/organisation";
import { sessionKey } from "~/api/session";
import { useAnnounce } from "~/ui/Announcer";
import { Refusal } from "./Refusal";

const LONGEST = 300;

export function BannerSection() {
  const { t } = useTranslation();
  const { me } = useApi();
  const shown = me.banner ?? { sv: "", en: "" };
  const [sv, setSv] = useState(shown.sv);
  const [en, setEn] = useState(shown.en);
  const { save, fault, isBusy } = useBanner();
  const isSame = sv === shown.sv && en === shown.en;
  return (
    <section className="part" aria-labelledby="banner">
      <h2 id="banner">{t("admin.banner.title")}</h2>
      <p className="quiet">{t("admin.banner.lead")}</p>
      <form
        className="window-form"
        onSubmit={(event) => {
          event.preventDefault();
          save({ sv, en });
        }}
      >
        <Words label={t("admin.banner.sv")} language="sv" words={sv} onWords={setSv} />
        <Words label={t("admin.banner.en")} language="en" words={en} onWords={setEn} />
        {fault !== null && <Refusal fault={fault} />}
        <div className="actions">
          <Button type="submit" className="button" isDisabled={isBusy || isSame}>
            {t("admin.banner.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}

type WordsProps = { label: string; language: "sv" | "en"; words: string; onWords: (words: string) => void };

function Words({ label, language, words, onWords }: WordsProps) {
  const { t } = useTranslation();
  return (
    <TextField className="field" value={words} onChange={onWords} maxLength={LONGEST}>
      <Label className="field-label">{label}</Label>
      <TextArea className="field-input" rows={2} lang={language} />
      <Text slot="description" className="quiet">
        {t("admin.banner.left", { count: LONGEST - words.length })}
      </Text>
    </TextField>
  );
}

function useBanner() {
  const { t } = useTranslation();
  const { api } = useApi();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (words: { sv: string; en: string }) => showBanner(api, words),
    onSuccess: async ({ banner }) => {
      await queries.invalidateQueries({ queryKey: sessionKey });
      announce(t(banner === null ? "admin.banner.hidden" : "admin.banner.shown"));
    },
  });
  return { save: mutate, fault: error, isBusy: isPending };
}
