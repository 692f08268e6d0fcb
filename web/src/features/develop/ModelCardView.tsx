/** One model: what it is for, how it is named, its bounds, and whether it answers now. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import type { ModelCard } from "~/api/building";
import { strictest } from "~/text/levels";
import { Icon } from "~/ui/Icon";
import { CopyButton } from "./CopyButton";
import { kindOf } from "./kinds";
import { useWords } from "./useWords";

export function ModelCardView({ model }: { model: ModelCard }) {
  const { t } = useTranslation();
  return (
    <article className="card">
      <div className="card-head">
        <h2>{model.title}</h2>
        <Tags model={model} />
      </div>
      <p>{model.description}</p>
      <p className="base">
        <code>{model.name}</code>
        <CopyButton text={model.name} what={t("develop.models.whatName", { name: model.name })} />
      </p>
      {!model.fits && (
        <p className="note note-warn">
          <Icon name="warn" />
          <span>{t("develop.models.unfit")}</span>
        </p>
      )}
      <Facts model={model} />
      {model.fits && model.paths.length > 0 && (
        <Link to="/utveckla" search={{ modell: model.name }} className="button button-quiet card-way">
          {t("develop.models.try", { title: model.title })}
        </Link>
      )}
    </article>
  );
}

function Tags({ model }: { model: ModelCard }) {
  const { t } = useTranslation();
  return (
    <p className="tags">
      <span className={model.up ? "tag tag-good" : "tag tag-warn"}>
        <Icon name={model.up ? "check" : "warn"} />
        {t(model.up ? "develop.models.up" : "develop.models.down")}
      </span>
      {model.default && <span className="tag">{t("develop.models.default")}</span>}
    </p>
  );
}

function Facts({ model }: { model: ModelCard }) {
  const { t } = useTranslation();
  const { level, language } = useWords();
  const { classification } = useApi();
  const languages = model.languages.map((tag) => (tag === "*" ? t("develop.models.anyLanguage") : language(tag)));
  return (
    <dl className="facts">
      <Fact name={t("develop.models.kind")}>{t(`develop.kinds.${kindOf(model.kind)}`)}</Fact>
      <Fact name={t("develop.models.languages")}>{languages.join(", ")}</Fact>
      <Fact name={t("develop.models.context")}>
        <Context model={model} />
      </Fact>
      <Fact name={t("develop.models.ceiling")}>{t("develop.models.upTo", { level: level(strictest(classification, model.ceiling)) })}</Fact>
      <Fact name={t("develop.models.paths")}>
        {model.paths.length === 0 ? t("develop.models.noPath") : model.paths.map((path) => <code key={path}>{path}</code>)}
      </Fact>
      <Prefixes prefixes={model.prefixes} />
      <Fact name={t("develop.models.digest")}>
        <Digest model={model} />
      </Fact>
    </dl>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Prefixes({ prefixes }: { prefixes: ModelCard["prefixes"] }) {
  const { t } = useTranslation();
  const known = (["query", "passage"] as const).filter((use) => prefixes[use] !== undefined);
  if (known.length === 0) return null;
  return (
    <Fact name={t("develop.models.prefixes")}>
      {known.map((use) => (
        <span key={use} className="prefix">
          <code>{JSON.stringify(prefixes[use])}</code> {t(`develop.models.prefix.${use}`)}
        </span>
      ))}
    </Fact>
  );
}

function Context({ model: { kind, context_length: length } }: { model: ModelCard }) {
  const { t } = useTranslation();
  const { number } = useWords();
  if (length === null) return t("develop.models.noContext");
  return t(kind === "chat" ? "develop.models.tokens" : "develop.models.each", { tokens: number(length) });
}

function Digest({ model }: { model: ModelCard }) {
  const { t } = useTranslation();
  if (model.digest === null) return t(model.kind === "extractive" ? "develop.models.noWeights" : "develop.models.noDigest");
  return (
    <>
      <code>{`${model.digest.slice(0, 19)}…`}</code>{" "}
      <CopyButton text={model.digest} what={t("develop.models.whatDigest", { name: model.name })} />
    </>
  );
}
