/** The number to quote, under which the officer finds what happened. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useAnnounce } from "./Announcer";

export function Reference({ id }: { id: string }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
    announce(t("problem.copied"));
  };
  return (
    <p className="reference">
      <span>{t("problem.request", { id })}</span>
      <Button className="text-button" onPress={() => void copy()}>
        {isCopied ? t("problem.copied") : t("problem.copy")}
      </Button>
    </p>
  );
}
