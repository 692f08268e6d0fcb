/** The first call: a model, a way, and the code. */
import { useId } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "~/api/building";
import { Code } from "./Code";
import { kindOf } from "./kinds";
import { WAYS, type Way, snippet, textFor } from "./snippets";

type Props = {
  models: readonly ModelCard[];
  chosen: string | null;
  way: Way;
  base: string;
  onModel: (name: string) => void;
  onWay: (way: Way) => void;
};

export function FirstCall({ models, chosen, way, base, onModel, onWay }: Props) {
  const { t } = useTranslation();
  const model = models.find(({ name }) => name === chosen) ?? models[0];
  if (model === undefined) return <p className="quiet">{t("develop.start.call.none")}</p>;
  return (
    <div className="first-call">
      <ModelChoice models={models} model={model} onModel={onModel} />
      <Tabs selectedKey={way} onSelectionChange={(key) => onWay(WAYS.find((one) => one === key) ?? "curl")}>
        <TabList className="tabs" aria-label={t("develop.start.call.ways")}>
          {WAYS.map((one) => (
            <Tab key={one} id={one} className="tab">
              {t(`develop.start.call.way.${one}`)}
            </Tab>
          ))}
        </TabList>
        {WAYS.map((one) => (
          <TabPanel key={one} id={one} className="tab-panel">
            <Written way={one} base={base} model={model} />
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}

function ModelChoice({ models, model, onModel }: { models: readonly ModelCard[]; model: ModelCard; onModel: (name: string) => void }) {
  const { t } = useTranslation();
  const field = useId();
  return (
    <p className="field field-row">
      <label htmlFor={field}>{t("develop.start.call.model")}</label>
      <select id={field} className="input" value={model.name} onChange={(event) => onModel(event.target.value)}>
        {models.map(({ name, title, kind }) => (
          <option key={name} value={name}>
            {`${title}: ${t(`develop.kinds.${kindOf(kind)}`)}`}
          </option>
        ))}
      </select>
    </p>
  );
}

const FILES = {
  curl: null,
  python: { file: "hej.py", command: "python hej.py" },
  javascript: { file: "hej.mjs", command: "node hej.mjs" },
  langchain: { file: "hej.py", command: "python hej.py" },
} as const;

function Written({ way, base, model }: { way: Way; base: string; model: ModelCard }) {
  const { t } = useTranslation();
  const { install, code } = snippet(way, base, model, textFor(model));
  const file = FILES[way];
  return (
    <>
      {install !== null && (
        <>
          <p>{t("develop.start.call.install")}</p>
          <Code code={install} what={t("develop.start.call.whatInstall")} />
        </>
      )}
      {file !== null && <p>{t("develop.start.call.name", file)}</p>}
      <Code code={code} what={t("develop.start.call.whatCode")} />
    </>
  );
}
