/** What a person chooses for themselves, and what they can do with what is theirs. */
import { useTranslation } from "react-i18next";
import type { Me } from "~/api/shapes";
import { usePreferences } from "~/preferences/PreferencesProvider";
import { THEMES } from "~/preferences/preferences";
import { Page } from "~/ui/Page";
import { Radios } from "~/ui/Radios";
import { MyConversations } from "./MyConversations";
import "./account.css";

type Props = { me: Me; onOrganisation: (alias: string) => void };

export function SettingsPage({ me, onOrganisation }: Props) {
  const { t } = useTranslation();
  return (
    <Page title={t("settings.title")} lead={t("settings.lead")}>
      <Looks />
      {me.organisations.length > 1 && <Organisations me={me} onOrganisation={onOrganisation} />}
      {me.actions.includes("conversation:write") && <MyConversations />}
    </Page>
  );
}

function Looks() {
  const { t } = useTranslation();
  const { preferences, languages, prefer } = usePreferences();
  return (
    <>
      <Radios
        legend={t("settings.language")}
        options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        chosen={preferences.language}
        onChoose={(language) => prefer({ language })}
      />
      <Radios
        legend={t("settings.theme")}
        options={THEMES.map((theme) => ({ value: theme, label: t(`account.themes.${theme}`) }))}
        chosen={preferences.theme}
        onChoose={(chosen) => prefer({ theme: THEMES.find((theme) => theme === chosen) ?? "system" })}
      />
      <fieldset className="radios">
        <legend>{t("settings.reading")}</legend>
        <p className="quiet">{t("settings.readingText")}</p>
        <label className="radio">
          <input
            type="checkbox"
            checked={preferences.readAloud}
            onChange={(event) => prefer({ readAloud: event.target.checked })}
          />
          {t("account.readAloud")}
        </label>
      </fieldset>
    </>
  );
}

function Organisations({ me, onOrganisation }: Props) {
  const { t } = useTranslation();
  return (
    <section className="settings-part">
      <h2>{t("settings.organisation")}</h2>
      <p className="quiet">{t("settings.organisationText")}</p>
      <ul className="organisations">
        {me.organisations.map(({ alias, name }) => (
          <li key={alias}>
            <span>{name}</span>
            {alias === me.organisation?.alias ? (
              <span className="quiet">{t("settings.here")}</span>
            ) : (
              <button type="button" className="button button-quiet" onClick={() => onOrganisation(alias)}>
                {t("settings.change", { name })}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
