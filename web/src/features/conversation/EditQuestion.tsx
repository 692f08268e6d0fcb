/** A question that is asked otherwise: the one that was asked stays, as another version. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { type Problem, problemOf } from "~/api/problem";
import { ProblemNote } from "~/ui/ProblemNote";
import { GuardDialog } from "./GuardDialog";
import { LoginAgain } from "./LoginAgain";
import { useGuard } from "./useGuard";

type Props = { text: string; onAsk: (text: string) => Promise<void>; onClose: () => void };

export function EditQuestion({ text, onAsk, onClose }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [fault, setFault] = useState<Problem | null>(null);
  const guard = useGuard();
  const send = (question: string) => {
    onAsk(question).then(onClose, (thrown: unknown) => setFault(problemOf(thrown)));
  };
  const ask = () => guard.check(typed.trim(), send);
  return (
    <form
      className="question question-edit"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label>
        <span className="question-label">{t("talk.editLabel")}</span>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the press on "edit" leads here */}
        <textarea autoFocus rows={2} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      {fault !== null && (
        <ProblemNote problem={fault}>
          <LoginAgain problem={fault} />
        </ProblemNote>
      )}
      <div className="actions">
        <Button type="submit" className="button" isDisabled={typed.trim() === ""}>
          {t("ask.send")}
        </Button>
        <Button className="button button-quiet" onPress={onClose}>
          {t("guard.cancel")}
        </Button>
      </div>
      <GuardDialog guard={guard} />
    </form>
  );
}
