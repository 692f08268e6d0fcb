/** What a question is asked of: the way of answering and the collections. */
import { Suspense, lazy } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Choice } from "~/api/conversations";
import type { Model } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import { chosenModel, mayAskWithoutDocuments, withModel } from "./choosing";
import type { Library } from "./Dock";

const ModelMenu = lazy(async () => ({ default: (await import("./ModelMenu")).ModelMenu }));
const CollectionMenu = lazy(async () => ({ default: (await import("./CollectionMenu")).CollectionMenu }));

type Props = { choice: Choice; library: Library; onChoose: (choice: Choice) => void };

export function Choices({ choice, library: { models, collections }, onChoose }: Props) {
  const chooseModel = (model: Model | null) => onChoose(withModel(choice, model));
  return (
    <Suspense fallback={null}>
      {models.length > 0 && (
        <ModelMenu models={models} chosen={chosenModel(models, choice)} onChoose={chooseModel} />
      )}
      <CollectionMenu
        collections={collections}
        chosen={choice.collections}
        mayChooseNone={mayAskWithoutDocuments(models, choice)}
        onChoose={(chosen) => onChoose({ ...choice, collections: chosen })}
      />
    </Suspense>
  );
}

type EnglishProps = { choice: Choice; models: readonly Model[]; onChoose: (choice: Choice) => void };

/** Says so where the chosen model can't write Swedish, and offers the way that can. */
export function EnglishOnly({ choice, models, onChoose }: EnglishProps) {
  const { t } = useTranslation();
  const model = chosenModel(models, choice);
  if (model === null && choice.mode === "model") return <QuotesForSwedish models={models} />;
  if (model === null || model.kind === "extractive" || model.writes_swedish) return null;
  const quoting = models.find((one) => one.kind === "extractive");
  return (
    <div className="note note-warn">
      <Icon name="info" />
      <p>
        {t("ask.english")}{" "}
        {quoting !== undefined && (
          <Button className="text-button" onPress={() => onChoose(withModel(choice, quoting))}>
            {t("ask.useQuotes")}
          </Button>
        )}
      </p>
    </div>
  );
}

/** Left to choose for itself, the gateway answers Swedish questions in quotes where the model can't write Swedish. */
function QuotesForSwedish({ models }: { models: readonly Model[] }) {
  const { t } = useTranslation();
  const writer = models.find((one) => one.kind === "chat" && one.default);
  if (writer === undefined || writer.writes_swedish) return null;
  return (
    <div className="note note-aside">
      <Icon name="info" />
      <p>{t("ask.quotesForSwedish")}</p>
    </div>
  );
}
