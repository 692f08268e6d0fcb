/** The secret of a new key, this once: it closes when its owner says that it is saved. */
import { useId } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { NewKey } from "~/api/keys";
import { CopyButton } from "./CopyButton";
import { Over } from "./Over";

type Props = { made: NewKey; isSaved: boolean; onSaved: (isSaved: boolean) => void; onClose: () => void };

export function SecretWindow({ made, isSaved, onSaved, onClose }: Props) {
  const { t } = useTranslation();
  const field = useId();
  return (
    <Over title={t("develop.keys.made.title", { name: made.key.name })} onClose={isSaved ? onClose : null}>
      <p>{t("develop.keys.made.text")}</p>
      <div className="secret">
        <label htmlFor={field}>{t("develop.keys.made.secret")}</label>
        <textarea id={field} className="input secret-field" readOnly rows={2} value={made.secret} spellCheck={false} />
        <CopyButton text={made.secret} what={t("develop.keys.made.what")} look="button button-quiet" />
      </div>
      <label className="tick">
        <input type="checkbox" checked={isSaved} onChange={(event) => onSaved(event.target.checked)} />
        {t("develop.keys.made.saved")}
      </label>
      <div className="actions">
        <Button className="button" isDisabled={!isSaved} onPress={onClose}>
          {t("develop.keys.made.close")}
        </Button>
      </div>
    </Over>
  );
}
