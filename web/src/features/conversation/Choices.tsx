/** What a question is asked of: the way of answering and the collections. */
import { Suspense, lazy } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Collection, Model } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import type { Asking } from "./useAsking";

const ModelMenu = lazy(async () => ({ default: (await import("./ModelMenu")).ModelMenu }));
const CollectionMenu = lazy(async () => ({ default: (await import("./CollectionMenu")).CollectionMenu }));

type Props = {
  asking: Asking;
  model: Model | null;
  models: readonly Model[];
  collections: readonly Collection[];
};

export function Choices({ asking, model, models, collections }: Props) {
  const { choice, chooseModel, chooseCollections } = asking;
  return (
    <Suspense fallback={null}>
      {models.length > 0 && <ModelMenu models={models} chosen={model} onChoose={chooseModel} />}
      <CollectionMenu collections={collections} chosen={choice.collections} onChoose={chooseCollections} />
    </Suspense>
  );
}

type EnglishProps = { model: Model | null; models: readonly Model[]; onChoose: (name: string) => void };

/** Says so where the chosen model can't write Swedish, and offers the way that can. */
export function EnglishOnly({ model, models, onChoose }: EnglishProps) {
  const { t } = useTranslation();
  if (model === null) return <QuotesForSwedish models={models} />;
  if (model.kind === "extractive" || model.writes_swedish) return null;
  const quoting = models.find((one) => one.kind === "extractive");
  return (
    <div className="note note-warn">
      <Icon name="info" />
      <p>
        {t("ask.english")}{" "}
        {quoting !== undefined && (
          <Button className="text-button" onPress={() => onChoose(quoting.name)}>
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
