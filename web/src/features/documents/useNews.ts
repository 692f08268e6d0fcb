/** Tells, once, of each document that has become ready or has failed, and of each file that was not taken in. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentItem } from "~/api/shapes";
import { visibleName } from "~/text/visible";
import { useAnnounce } from "~/ui/Announcer";
import { faultOf, faultOfRefusal } from "./fault";
import { arrivedSince } from "./progress";
import type { Upload } from "./uploads";
import { useAdvice } from "./useAdvice";

const NOTHING: readonly never[] = [];

export function useNews(documents: readonly DocumentItem[] = NOTHING, uploads: readonly Upload[]): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const advice = useAdvice();
  const ofDocument = ({ name, state, error }: DocumentItem) => {
    const words = { name: visibleName(name), advice: advice(faultOf(error)) };
    return state === "ready" ? t("documents.upload.ready", words) : t("documents.upload.failed", words);
  };
  const ofUpload = ({ file, stage }: Upload) => {
    const name = visibleName(file.name);
    if (stage.at === "taken") return stage.isKnown ? t("documents.upload.known", { name }) : null;
    if (stage.at !== "refused") return null;
    const words = advice(faultOfRefusal(stage.refusal), stage.refusal.problem.requestId);
    return t("documents.upload.refused", { name, advice: words });
  };
  const seen = useRef({ documents, uploads });
  useEffect(() => {
    const before = seen.current;
    if (before.documents === documents && before.uploads === uploads) return;
    seen.current = { documents, uploads };
    const moved = uploads.filter((upload) => before.uploads.every(({ id, stage }) => id !== upload.id || stage !== upload.stage));
    const told = [...arrivedSince(before.documents, documents).map(ofDocument), ...moved.map(ofUpload)];
    const news = told.filter((each) => each !== null);
    if (news.length > 0) announce(news.join(" "));
  });
}
