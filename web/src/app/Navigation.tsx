/** The ways to the areas that are for this person: a row on wide screens, a list behind a button on phones. */
import { Link, useMatches } from "@tanstack/react-router";
import { type FocusEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import type { Entry } from "./root";
import "./navigation.css";

export function Navigation({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const list = useId();
  const { isOpen, close, toggle, button, onKeyDown, onBlur } = useDisclosure();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from anywhere inside
    <nav className={isOpen ? "ways ways-open" : "ways"} aria-label={t("nav.label")} onKeyDown={onKeyDown} onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        className="icon-button ways-toggle"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-label={t("nav.open")}
        onClick={toggle}
      >
        <Icon name={isOpen ? "close" : "menu"} />
      </button>
      <ul id={list} className="ways-list">
        {entries.map((entry) => (
          <li key={entry.to}>
            <Way entry={entry} onGo={close} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Way({ entry: { place, to, icon }, onGo }: { entry: Entry; onGo: () => void }) {
  const { t } = useTranslation();
  const isHere = useMatches({ select: (matches) => matches.at(-1)?.staticData.place === place });
  return (
    <Link
      to={to}
      className={isHere ? "way way-here" : "way"}
      activeOptions={{ exact: true }} // then it is the page itself that one is on, else a page of its area
      aria-current={isHere ? "true" : undefined}
      onClick={onGo}
    >
      <Icon name={icon} />
      {t(`nav.${place}`)}
    </Link>
  );
}

/** Opens and closes the list on a phone: Escape and leaving it close it. */
function useDisclosure() {
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    close();
    button.current?.focus();
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) close();
  };
  return { isOpen, close, toggle: () => setOpen(!isOpen), button, onKeyDown, onBlur };
}
