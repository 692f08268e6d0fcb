/** Says in the polite region that an answer is being written, and that it is ready; never its growing text. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "~/api/shapes";
import { useAnnounce } from "~/ui/Announcer";
import { type Live, followed, shown } from "./live";
import { type LiveStore, useLiveValue } from "./liveStore";

const STILL_WRITING = 7_000;

/** `message` is the newest answer; what had ended before one came here is not told. */
export function useAnswerAnnouncements(message: Message | null, live: LiveStore, readAloud: boolean): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const now = (all: Live | null) => (message === null ? null : shown(message, followed(message.id, all)));
  const at = useLiveValue(live, (all) => now(all)?.at);
  const isOpen = at === "writing";
  const wasOpen = useRef(false);
  useEffect(() => {
    if (!isOpen) return undefined;
    wasOpen.current = true;
    announce(t("answer.writing"));
    const timer = setInterval(() => announce(t("answer.stillWriting")), STILL_WRITING);
    return () => clearInterval(timer);
  }, [isOpen, announce, t]);

  const isReady = at === "done";
  const isStopped = at === "stopped";
  useEffect(() => {
    if (!wasOpen.current) return; // it had ended before one came here
    if (isReady) announce(`${t("answer.ready")} ${readAloud ? (now(live.get())?.text ?? "") : ""}`.trim());
    if (isStopped) announce(t("answer.stopped"));
    // said once when the answer ends, not again when the setting or the language changes
    // oxlint-disable-next-line react/exhaustive-deps -- see above
  }, [isReady, isStopped]);
}
