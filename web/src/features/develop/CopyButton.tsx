/** Copies a text, and says so. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";

type Props = { text: string; what: string; look?: "text-button" | "button button-quiet" };

export function CopyButton({ text, what, look = "text-button" }: Props) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => {
        setCopied(text);
        announce(t("develop.copied"));
      },
      () => announce(t("develop.copyFailed")),
    );
  const isCopied = copied === text;
  return (
    <Button className={`${look} copy`} aria-label={t("develop.copyWhat", { what })} onPress={copy}>
      {isCopied && <Icon name="check" />}
      {isCopied ? t("develop.copied") : t("develop.copy")}
    </Button>
  );
}
