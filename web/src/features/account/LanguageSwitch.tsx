/** From Swedish to English and back, named in the language that it leads to. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { usePreferences } from "~/preferences/PreferencesProvider";

export function LanguageSwitch() {
  const { t } = useTranslation();
  const { preferences, prefer } = usePreferences();
  const other = preferences.language === "sv" ? "en" : "sv";
  return (
    <Button className="text-button language" onPress={() => prefer({ language: other })}>
      <span lang={other}>{t("language.other")}</span>
    </Button>
  );
}
