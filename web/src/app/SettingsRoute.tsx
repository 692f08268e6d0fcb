/** The settings, and the way to another organisation. */
import { useLocation } from "@tanstack/react-router";
import { useApi } from "~/api/ApiContext";
import { loginAddress } from "~/api/session";
import { SettingsPage } from "~/features/account/SettingsPage";

export function SettingsRoute() {
  const { me } = useApi();
  const { href } = useLocation();
  return <SettingsPage me={me} onOrganisation={(alias) => window.location.assign(loginAddress(href, alias))} />;
}
