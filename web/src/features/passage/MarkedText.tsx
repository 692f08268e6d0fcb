/** A page's text with the passage in it marked, for eyes and ears. */
import { useTranslation } from "react-i18next";
import { harmless } from "~/text/harmless";
import { unwrap } from "~/text/lines";
import { type Cut, unwrapped } from "~/text/points";

type Props = { text: string; cut: Cut | null };

export function MarkedText({ text, cut }: Props) {
  const { t } = useTranslation();
  if (cut === null) return harmless(unwrap(text)) || t("passage.empty");
  const { before, marked, after } = unwrapped(cut);
  return (
    <>
      {harmless(before)}
      <mark>
        <span className="only-heard">{t("passage.cited")}: </span>
        {harmless(marked)}
      </mark>
      {harmless(after)}
    </>
  );
}
