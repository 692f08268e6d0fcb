/** The notice that one talks to an AI: always there, with more to read behind it (AI Act, article 50.1). */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { useMedia } from "~/ui/useMedia";
import { Window } from "~/ui/Window";

export function AiNotice() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="notice" aria-label={t("notice.label")}>
      <Icon name="info" />
      <p>
        {t("notice.label")}. <span className="notice-rest">{t("notice.text")}</span>{" "}
        <Button className="text-button" onPress={() => setOpen(true)}>
          {t("notice.more")}
        </Button>
      </p>
      {isOpen && (
        <Window title={t("notice.title")} close={t("notice.close")} onClose={() => setOpen(false)}>
          <More />
        </Window>
      )}
    </section>
  );
}

function More() {
  const { t } = useTranslation();
  const hasKeys = useMedia("(pointer: fine)");
  return (
    <div className="prose">
      <p>{t("notice.ai")}</p>
      <p>{t("notice.quotes")}</p>
      <p>{t("notice.generated")}</p>
      <p>{t("notice.record")}</p>
      {hasKeys && <Keys />}
    </div>
  );
}

function Keys() {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t("notice.keysTitle")}</h3>
      <ul>
        <li>{t("notice.keys.enter")}</li>
        <li>{t("notice.keys.escape")}</li>
        <li>{t("notice.keys.arrows")}</li>
      </ul>
    </>
  );
}
