/** Who is here, in which organisation, how it should look, and the way out. */
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, type Selection, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Me } from "~/api/shapes";
import { THEMES } from "~/preferences/preferences";
import { usePreferences } from "~/preferences/PreferencesProvider";
import { Icon } from "~/ui/Icon";

type Props = { me: Me; onOrganisation: (alias: string) => void; onSettings: () => void; onLogout: () => void };

export function AccountMenu({ me, onOrganisation, onSettings, onLogout }: Props) {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <Button className="icon-button" aria-label={t("account.open")}>
        <Icon name="person" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <p className="menu-who">{me.name}</p>
        <Menu className="menu" aria-label={t("account.open")}>
          {me.organisations.length > 1 && <Organisations me={me} onOrganisation={onOrganisation} />}
          <Themes />
          <Reading />
          <MenuSection aria-label={t("account.settings")}>
            <MenuItem className="menu-item menu-way-out" onAction={onSettings}>
              <Icon name="gear" />
              <Text slot="label">{t("account.settings")}</Text>
            </MenuItem>
          </MenuSection>
          <MenuSection aria-label={t("account.logout")}>
            <MenuItem className="menu-item menu-way-out" onAction={onLogout}>
              <Icon name="out" />
              <Text slot="label">{t("account.logout")}</Text>
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Organisations({ me, onOrganisation }: Pick<Props, "me" | "onOrganisation">) {
  const { t } = useTranslation();
  const here = `org:${me.organisation?.alias ?? ""}`;
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[here]}
      onSelectionChange={(keys) =>
        me.organisations.filter(({ alias }) => `org:${alias}` !== here && has(keys, alias)).forEach(({ alias }) => onOrganisation(alias))
      }
    >
      <Header>{t("account.organisation")}</Header>
      {me.organisations.map(({ alias, name }) => (
        <MenuItem key={alias} id={`org:${alias}`} className="menu-item" textValue={name}>
          <Icon name="check" />
          <Text slot="label">{name}</Text>
        </MenuItem>
      ))}
    </MenuSection>
  );
}

function has(keys: Selection, alias: string): boolean {
  return keys === "all" || keys.has(`org:${alias}`);
}

function Themes() {
  const { t } = useTranslation();
  const { preferences, prefer } = usePreferences();
  return (
    <MenuSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[preferences.theme]}
      onSelectionChange={(keys) => prefer({ theme: THEMES.find((theme) => [...keys].includes(theme)) ?? "system" })}
    >
      <Header>{t("account.theme")}</Header>
      {THEMES.map((theme) => (
        <MenuItem key={theme} id={theme} className="menu-item" textValue={t(`account.themes.${theme}`)}>
          <Icon name="check" />
          <Text slot="label">{t(`account.themes.${theme}`)}</Text>
        </MenuItem>
      ))}
    </MenuSection>
  );
}

function Reading() {
  const { t } = useTranslation();
  const { preferences, prefer } = usePreferences();
  return (
    <MenuSection
      selectionMode="multiple"
      selectedKeys={preferences.readAloud ? ["aloud"] : []}
      onSelectionChange={(keys) => prefer({ readAloud: keys === "all" || keys.has("aloud") })}
    >
      <Header>{t("account.reading")}</Header>
      <MenuItem id="aloud" className="menu-item" textValue={t("account.readAloud")}>
        <Icon name="check" />
        <Text slot="label">{t("account.readAloud")}</Text>
      </MenuItem>
    </MenuSection>
  );
}
