/** Lets in whoever is logged in; everyone else sees the way in. */
import { useQuery } from "@tanstack/react-query";
import { Outlet, useMatches, useNavigate, useRouteContext, useRouterState } from "@tanstack/react-router";
import { Suspense, lazy, useCallback } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { ApiContext } from "~/api/ApiContext";
import { problemOf } from "~/api/problem";
import { loginAddress, ownerOf, sessionQuery } from "~/api/session";
import type { Me } from "~/api/shapes";
import { SessionGuard } from "~/features/account/SessionGuard";
import { LoginPage } from "~/features/login/LoginPage";
import { Banner } from "~/features/notice/Banner";
import { ProblemNote } from "~/ui/ProblemNote";
import { Frame } from "./Frame";
import { Navigation } from "./Navigation";
import { Room } from "./Room";
import { useLogout } from "./useLogout";

const AccountMenu = lazy(async () => ({ default: (await import("~/features/account/AccountMenu")).AccountMenu }));

export function Gate() {
  const { t } = useTranslation();
  const { api } = useRouteContext({ from: "__root__" });
  const address = useRouterState({ select: (state) => state.location.href });
  const isPublic = useMatches({ select: (matches) => matches.at(-1)?.staticData.isPublic ?? false });
  const session = useQuery(sessionQuery(api));
  const { refetch } = session;
  const ask = useCallback(() => void refetch(), [refetch]);
  if (session.data === undefined) {
    if (session.status === "error") return <Closed fault={session.error} onRetry={ask} />;
    return <p className="opening">{t("shell.opening")}</p>;
  }
  const me = session.data.at === "in" ? session.data.me : session.data.former;
  if (me === null) {
    return (
      <Frame>
        {isPublic ? <Outlet /> : <LoginPage address={loginAddress(address, null)} />}
      </Frame>
    );
  }
  const owner = ownerOf(me);
  return (
    <Workspace key={owner} me={me} address={address} hasEnded={session.data.at === "out"} onAsk={ask} />
  );
}

function Closed({ fault, onRetry }: { fault: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <Frame>
      <h1 className="only-heard">Valv</h1>
      <ProblemNote problem={problemOf(fault)}>
        <Button className="button button-quiet" onPress={onRetry}>
          {t("problem.retry")}
        </Button>
      </ProblemNote>
    </Frame>
  );
}

type WorkspaceProps = { me: Me; address: string; hasEnded: boolean; onAsk: () => void };

/** One person's room in one organisation; another person or organisation gets a room of its own. */
function Workspace({ me, address, hasEnded, onAsk }: WorkspaceProps) {
  const { api, entries, usedAt } = useRouteContext({ from: "__root__" });
  const own = entries.filter(({ needs }) => needs((action) => me.actions.includes(action)));
  const navigate = useNavigate();
  const isAsking = useMatches({ select: (matches) => matches.at(-1)?.staticData.place === "conversation" });
  const logout = useLogout(api);
  const alias = me.organisation?.alias ?? "";
  const changeTo = (other: string) => window.location.assign(loginAddress(address, other));
  const account = (
    <Suspense fallback={<span className="icon-button" />}>
      <AccountMenu me={me} onOrganisation={changeTo} onSettings={() => void navigate({ to: "/installningar" })} onLogout={logout.leave} />
    </Suspense>
  );
  return (
    <ApiContext value={{ api, me, organisation: alias, classification: me.classification }}>
      <Frame hasFooter={!isAsking} organisation={me.organisation?.name} navigation={own.length > 0 && <Navigation entries={own} />} account={account}>
        <SessionGuard span={me} hasEnded={hasEnded} usedAt={usedAt} login={loginAddress(address, alias)} onAsk={onAsk} />
        {logout.fault !== null && <ProblemNote problem={problemOf(logout.fault)} />}
        <Banner banner={me.banner} />
        <Room entries={own} />
      </Frame>
    </ApiContext>
  );
}
