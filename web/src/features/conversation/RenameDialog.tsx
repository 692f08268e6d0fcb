/** Another name for a conversation. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import type { Conversation } from "~/api/shapes";
import { ProblemNote } from "~/ui/ProblemNote";
import { Window } from "~/ui/Window";
import { useRename } from "./useKeeping";

type Props = { conversation: Pick<Conversation, "id" | "title" | "mode">; onClose: () => void };

export function RenameDialog({ conversation, onClose }: Props) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(conversation.title);
  const { rename, isPending, error } = useRename(conversation, onClose);
  return (
    <Window title={t("history.renameTitle")} close={t("guard.cancel")} onClose={onClose}>
      <form
        className="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          rename(title.trim());
        }}
      >
        <label htmlFor="conversation-title">{t("history.name")}</label>
        <input
          id="conversation-title"
          className="text-field"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog is for this field alone
          autoFocus
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.target.value)}
        />
        {error !== null && <ProblemNote problem={problemOf(error)} />}
        <div className="actions">
          <Button type="submit" className="button" isDisabled={title.trim() === "" || isPending}>
            {t("history.save")}
          </Button>
          <Button className="button button-quiet" onPress={onClose}>
            {t("guard.cancel")}
          </Button>
        </div>
      </form>
    </Window>
  );
}
