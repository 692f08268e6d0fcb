/** Says in the polite region that an answer is being written, and that it is ready; never its growing text. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Answer } from "~/stream/answer";
import { useAnnounce } from "~/ui/Announcer";

const STILL_WRITING = 7_000;

/** `answer` is the newest one; what had ended before one came here is not told. */
export function useAnswerAnnouncements(answer: Answer | null, readAloud: boolean): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const isOpen = answer?.at === "writing";
  const wasOpen = useRef(false);
  useEffect(() => {
    if (!isOpen) return undefined;
    wasOpen.current = true;
    announce(t("answer.writing"));
    const timer = setInterval(() => announce(t("answer.stillWriting")), STILL_WRITING);
    return () => clearInterval(timer);
  }, [isOpen, announce, t]);

  const ended = ending(answer, readAloud);
  const isReady = answer?.at === "done";
  const isStopped = answer?.at === "stopped";
  useEffect(() => {
    if (!wasOpen.current) return; // it had ended before one came here
    if (isReady) announce(`${t("answer.ready")} ${ended}`.trim());
    if (isStopped) announce(t("answer.stopped"));
    // said once when the answer ends, not again when the setting or the language changes
    // oxlint-disable-next-line react/exhaustive-deps -- see above
  }, [isReady, isStopped]);
}

function ending(answer: Answer | null, readAloud: boolean): string {
  return answer !== null && readAloud ? answer.text : "";
}
