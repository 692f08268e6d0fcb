/** The page where one asks: a greeting with tasks at first, then questions and answers. */
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Collection, Model } from "~/api/shapes";
import type { OpenCitation } from "~/text/CiteChip";
import { Icon } from "~/ui/Icon";
import { useTitle } from "~/ui/useTitle";
import { VaultArches } from "~/ui/Vault";
import { Choices, EnglishOnly } from "./Choices";
import { Composer } from "./Composer";
import { strictest } from "./levels";
import { StarterTasks } from "./StarterTasks";
import { TurnView } from "./TurnView";
import type { Asking } from "./useAsking";
import { useAnswerAnnouncements } from "./useAnswerAnnouncements";
import { useCeiling } from "./useCeiling";
import { useComposer } from "./useComposer";
import { useAnswerKeys, useQuestionOnTop } from "./useReading";
import "./conversation.css";
import "./turns.css";

type Props = {
  asking: Asking;
  models: readonly Model[];
  collections: readonly Collection[];
  classification: string;
  readAloud: boolean;
  onOpen: OpenCitation;
  onLogin: () => void;
};

export function AskPage({ asking, models, collections, classification, readAloud, onOpen, onLogin }: Props) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const { turns, isOpen, stop } = asking.conversation;
  const composer = useComposer(asking);
  const model = chosenModel(models, asking.choice.model);
  useTitle(t("ask.title"));
  useQuestionOnTop(list, turns.length);
  useAnswerKeys(list);
  useAnswerAnnouncements(turns.at(-1)?.answer, readAloud);
  const loginWith = (question: string) => {
    asking.draft.write(question);
    onLogin();
  };
  return (
    <div className={turns.length === 0 ? "ask ask-empty" : "ask"}>
      {turns.length === 0 ? <Greeting /> : <h1 className="only-heard" tabIndex={-1}>{t("ask.conversation")}</h1>}
      <ol className="turns" ref={list}>
        {turns.map((turn) => (
          <TurnView
            key={turn.id}
            turn={turn}
            models={models}
            canAsk={!isOpen}
            onOpen={onOpen}
            onAsk={asking.conversation.ask}
            onLogin={(asked) => loginWith(asked.question)}
          />
        ))}
      </ol>
      <div className="dock">
        <EnglishOnly model={model} models={models} onChoose={asking.chooseModel} />
        <Composer
          field={composer.field}
          text={asking.draft.text}
          isOpen={isOpen}
          onText={asking.draft.write}
          onAsk={composer.ask}
          onStop={() => composer.stop(stop)}
          choices={<Choices asking={asking} model={model} models={models} collections={collections} />}
        />
        <Foot level={strictest(classification, model?.ceiling ?? null)} />
      </div>
      {turns.length === 0 && <StarterTasks onChoose={composer.begin} />}
    </div>
  );
}

/** The model asked for; none where the gateway chooses. */
function chosenModel(models: readonly Model[], name: string | null): Model | null {
  return models.find((model) => model.name === name) ?? null;
}

function Greeting() {
  const { t } = useTranslation();
  return (
    <div className="greeting">
      <VaultArches />
      <h1 tabIndex={-1}>{t("ask.heading")}</h1>
      <p>{t("ask.lead")}</p>
    </div>
  );
}

function Foot({ level }: { level: string }) {
  const { t } = useTranslation();
  return (
    <p className="foot">
      <Ceiling level={level} />
      <span className="foot-each">{t("ask.each")}</span>
    </p>
  );
}

function Ceiling({ level }: { level: string }) {
  const { t } = useTranslation();
  return (
    <span className="ceiling">
      <Icon name="shield" />
      {t("ask.ceiling", { level: useCeiling(level) })}
    </span>
  );
}
