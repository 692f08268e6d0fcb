/** Copies an answer: as rich text for Word and Outlook, as markdown for all else. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answer } from "~/stream/answer";
import { useAnnounce } from "~/ui/Announcer";
import { copyAnswer } from "./copying";
import { Tool } from "./Tool";

const SHOWN = 2_000;

export function CopyAnswer({ answer, by }: { answer: Answer; by: string }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [how, setHow] = useState<"copy" | "copied" | "uncopied">("copy");
  const tell = (end: "copied" | "uncopied") => {
    setHow(end);
    announce(t(`talk.${end}`));
    setTimeout(() => setHow("copy"), SHOWN);
  };
  const words = {
    sources: t("answer.sources"),
    unnamed: t("answer.copiedMaterial"),
    made: answer.kind === "extractive" ? t("answer.extractiveNote") : t("answer.by", { model: by }),
    place: (name: string, page: number | null) => (page === null ? name : t("answer.place", { name, page })),
  };
  const copy = () => {
    copyAnswer(navigator.clipboard, answer, words).then(
      () => tell("copied"),
      () => tell("uncopied"),
    );
  };
  return <Tool icon={how === "copied" ? "check" : "copy"} label={t(`talk.${how}`)} onPress={copy} />;
}
