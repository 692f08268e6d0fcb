/** What every page has around it: the way past the header, the header, the notice, the content. */
import { Link, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "~/features/account/LanguageSwitch";
import { AiNotice } from "~/features/notice/AiNotice";
import { VaultMark } from "~/ui/Vault";
import { Footer } from "./Footer";
import "~/ui/layers.css";
import "~/text/prose.css";
import "./frame.css";

type Props = { hasFooter?: boolean; organisation?: string | undefined; navigation?: ReactNode; account?: ReactNode; children: ReactNode };

export function Frame({ hasFooter = true, organisation, navigation, account, children }: Props) {
  const { t } = useTranslation();
  const content = useRef<HTMLElement>(null);
  useHeadingFocus();
  return (
    <>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {t("shell.skip")}
      </a>
      <div className="head">
        <header className="bar">
          <Link to="/" className="brand" aria-label={t("shell.home")}>
            <VaultMark />
            <span className="brand-name">Valv</span>
          </Link>
          {organisation !== undefined && <p className="organisation">{organisation}</p>}
          {navigation}
          <LanguageSwitch />
          {account}
        </header>
        <AiNotice />
      </div>
      <main id="content" ref={content} tabIndex={-1}>
        {children}
      </main>
      {hasFooter && <Footer />}
    </>
  );
}

/** On moving to another page the focus goes to its heading; on the first page it stays where the browser has it. */
function useHeadingFocus(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const seen = useRef(path);
  useEffect(() => {
    if (path === undefined || path === seen.current) return;
    const isFirst = seen.current === undefined;
    seen.current = path;
    if (!isFirst) document.querySelector<HTMLElement>("h1")?.focus();
  }, [path]);
}
