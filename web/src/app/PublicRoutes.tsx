/** The pages that everyone may read. */
import { useQuery } from "@tanstack/react-query";
import { useRouteContext } from "@tanstack/react-router";
import { aboutQuery } from "~/api/about";
import { AboutPage } from "~/features/about/AboutPage";
import { AccessibilityPage } from "~/features/about/AccessibilityPage";
import { PrivacyPage } from "~/features/about/PrivacyPage";
import { BUILD } from "./version";

function useAbout() {
  const { api } = useRouteContext({ from: "__root__" });
  return useQuery(aboutQuery(api)).data;
}

export function AboutRoute() {
  return <AboutPage version={useAbout()?.version ?? null} build={BUILD} />;
}

export function PrivacyRoute() {
  const about = useAbout();
  return <PrivacyPage contact={about?.privacy ?? null} keepsContent={about?.keeps_content ?? false} />;
}

export function AccessibilityRoute() {
  return <AccessibilityPage contact={useAbout()?.accessibility ?? null} />;
}
