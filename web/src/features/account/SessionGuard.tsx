/** Warns before a session ends, and says so when it has: the page stays as it is, with all that was typed. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { Window } from "~/ui/Window";
import { type Ending, type Span, endingOf, minutesLeft, phaseOf } from "./sessionEnd";
import "./account.css";

const LOOKS_MS = 10_000;

type Props = {
  span: Span;
  hasEnded: boolean;
  /** When the gateway last answered, in milliseconds. */
  usedAt: () => number;
  /** Where a login begins that comes back to this place. */
  login: string;
  /** Asks the gateway whether the session is alive, which prolongs it. */
  onAsk: () => void;
};

export function SessionGuard({ span, hasEnded, usedAt, login, onAsk }: Props) {
  const ending = useEnding(span, usedAt);
  const isPast = ending !== null && ending.phase === "past";
  useEffect(() => {
    if (isPast && !hasEnded) onAsk();
  }, [isPast, hasEnded, onAsk]);
  if (hasEnded) return <Ended login={login} />;
  if (ending === null || ending.phase !== "near") return null;
  return <Warning key={ending.at} ending={ending} login={login} onAsk={onAsk} />;
}

type Seen = Ending & Readonly<{ phase: "far" | "near" | "past"; minutes: number }>;

/** The end of the session as the clock stands, looked at now and then and when one comes back to the page. */
function useEnding(span: Span, usedAt: () => number): Seen | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const look = () => setNow(Date.now());
    const timer = window.setInterval(look, LOOKS_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  const ending = endingOf(span, usedAt());
  return ending === null ? null : { ...ending, phase: phaseOf(ending, now), minutes: minutesLeft(ending, now) };
}

type WarningProps = { ending: Seen; login: string; onAsk: () => void };

function Warning({ ending: { why, minutes }, login, onAsk }: WarningProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(true);
  if (!isOpen) return null;
  const stay = () => {
    setOpen(false);
    onAsk();
  };
  return (
    <Window title={t("session.soon")} close={t("session.notNow")} onClose={() => setOpen(false)}>
      <p>{t(`session.why.${why}`, { count: minutes })}</p>
      <p>{t("session.kept")}</p>
      <div className="actions">
        {why === "idle" ? (
          <Button className="button" onPress={stay}>
            {t("session.stay")}
          </Button>
        ) : (
          <a className="button" href={login}>
            {t("session.again")}
          </a>
        )}
        <Button className="button button-quiet" onPress={() => setOpen(false)}>
          {t("session.notNow")}
        </Button>
      </div>
    </Window>
  );
}

/** Stands on the page as long as it is true; the dialog over it can be closed, to read or copy. */
function Ended({ login }: { login: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(true);
  return (
    <>
      <section className="note note-warn session-ended" aria-label={t("session.ended")}>
        <Icon name="warn" />
        <p>
          <strong>{t("session.ended")}.</strong> {t("session.kept")} <a href={login}>{t("session.again")}</a>
        </p>
      </section>
      {isOpen && (
        <Window title={t("session.ended")} close={t("session.close")} onClose={() => setOpen(false)}>
          <p>{t("session.endedText")}</p>
          <p>{t("session.kept")}</p>
          <div className="actions">
            <a className="button" href={login}>
              {t("session.again")}
            </a>
            <Button className="button button-quiet" onPress={() => setOpen(false)}>
              {t("session.read")}
            </Button>
          </div>
        </Window>
      )}
    </>
  );
}
