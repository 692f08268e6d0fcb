/** The language: with two, a press goes to the other one, named in itself; with more, one chooses. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { usePreferences } from "~/preferences/PreferencesProvider";
import { Icon } from "~/ui/Icon";

export function LanguageSwitch() {
  const { preferences, languages, prefer } = usePreferences();
  const [other, ...more] = languages.filter(({ code }) => code !== preferences.language);
  if (other === undefined) return null;
  if (more.length > 0) return <LanguageChoice />;
  return (
    <Button className="text-button language" onPress={() => prefer({ language: other.code })}>
      <span lang={other.code}>{other.name}</span>
    </Button>
  );
}

function LanguageChoice() {
  const { t } = useTranslation();
  const { preferences, languages, prefer } = usePreferences();
  return (
    <label className="select language">
      <span className="only-heard">{t("language.label")}</span>
      <select value={preferences.language} onChange={(event) => prefer({ language: event.target.value })}>
        {languages.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}
