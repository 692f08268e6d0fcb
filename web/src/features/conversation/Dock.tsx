/** Where one asks: what to know before, the field with its choices, and what went wrong with asking. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "~/api/conversations";
import type { Collection, Model } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { Choices, EnglishOnly } from "./Choices";
import { chosenModel } from "./choosing";
import { Composer } from "./Composer";
import { GuardDialog } from "./GuardDialog";
import { strictest } from "~/text/levels";
import { LoginAgain } from "./LoginAgain";
import type { Asking } from "./useAsking";
import { useCeiling } from "./useCeiling";

/** What there is to choose from. */
export type Library = Readonly<{ models: readonly Model[]; collections: readonly Collection[]; classification: string }>;

type Props = {
  asking: Asking;
  library: Library;
  choice: Choice;
  onChoose: (choice: Choice) => void;
  isWriting: boolean;
  isStopping: boolean;
  onStop: () => void;
  children?: ReactNode;
};

export function Dock({ asking, library, choice, onChoose, isWriting, isStopping, onStop, children }: Props) {
  const { models, classification } = library;
  const model = chosenModel(models, choice);
  const { draft, fault } = asking;
  return (
    <div className="dock">
      {children}
      {fault !== null && (
        <ProblemNote problem={fault}>
          <LoginAgain problem={fault} />
        </ProblemNote>
      )}
      <EnglishOnly choice={choice} models={models} onChoose={onChoose} />
      <Composer
        field={asking.field}
        text={draft.text}
        isWriting={isWriting}
        isStopping={isStopping}
        isSending={asking.isSending}
        onText={draft.write}
        onAsk={asking.ask}
        onStop={onStop}
        choices={<Choices choice={choice} library={library} onChoose={onChoose} />}
      />
      <Foot level={strictest(classification, model?.ceiling ?? null)} isKept={draft.fault === null} />
      <GuardDialog guard={asking.guard} />
    </div>
  );
}

function Foot({ level, isKept }: { level: string; isKept: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="foot">
      <p className="ceiling">
        <Icon name="shield" />
        {t("ask.ceiling", { level: useCeiling(level) })}
      </p>
      {!isKept && <p className="foot-unkept">{t("ask.unkept")}</p>}
    </div>
  );
}
