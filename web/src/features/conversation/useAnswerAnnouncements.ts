/** Says in the polite region that an answer is being written, and that it is ready; never its growing text. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Answer, written } from "~/stream/answer";
import { useAnnounce } from "~/ui/Announcer";

const STILL_WRITING = 7_000;

export function useAnswerAnnouncements(answer: Answer | undefined, readAloud: boolean): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const isOpen = answer?.at === "waiting" || answer?.at === "streaming";
  useEffect(() => {
    if (!isOpen) return undefined;
    announce(t("answer.writing"));
    const timer = setInterval(() => announce(t("answer.stillWriting")), STILL_WRITING);
    return () => clearInterval(timer);
  }, [isOpen, announce, t]);

  const ended = ending(answer, readAloud);
  const isReady = answer?.at === "done";
  const isStopped = answer?.at === "stopped";
  useEffect(() => {
    if (isReady) announce(`${t("answer.ready")} ${ended}`.trim());
    if (isStopped) announce(t("answer.stopped"));
    // said once when the answer ends, not again when the setting or the language changes
    // oxlint-disable-next-line react/exhaustive-deps -- see above
  }, [isReady, isStopped]);
}

function ending(answer: Answer | undefined, readAloud: boolean): string {
  return answer !== undefined && readAloud ? written(answer).text : "";
}
