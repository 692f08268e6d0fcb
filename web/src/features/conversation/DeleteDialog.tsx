/** Asks, with its name, before a conversation is deleted. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "~/api/problem";
import type { Conversation } from "~/api/shapes";
import { harmless } from "~/text/harmless";
import { ProblemNote } from "~/ui/ProblemNote";
import { Window } from "~/ui/Window";
import { useDelete } from "./useKeeping";

type Props = { conversation: Pick<Conversation, "id" | "title">; onClose: () => void };

export function DeleteDialog({ conversation: { id, title }, onClose }: Props) {
  const { t } = useTranslation();
  const { remove, isPending, error } = useDelete(id, onClose);
  return (
    <Window title={t("history.deleteTitle", { title: harmless(title) })} close={t("guard.cancel")} onClose={onClose}>
      <p>{t("history.deleteText")}</p>
      {error !== null && <ProblemNote problem={problemOf(error)} />}
      <div className="actions">
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog gives the focus to its safe choice (WCAG 2.2, 3.3.4) */}
        <Button className="button" autoFocus onPress={onClose}>
          {t("history.keep")}
        </Button>
        <Button className="button button-quiet" isDisabled={isPending} onPress={remove}>
          {t("history.delete")}
        </Button>
      </div>
    </Window>
  );
}
