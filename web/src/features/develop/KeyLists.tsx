/** The keys in force, and, folded away, those that aren't any longer. */
import type { RefObject } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ApiKey } from "~/api/keys";
import { Icon } from "~/ui/Icon";
import { Fact } from "./ModelCardView";
import { type KeyState, SCOPE_WORDS, isInForce, prefixOf, scopesOf, stateOf } from "./keys";
import { useWords } from "./useWords";

/** `now` in seconds since the epoch; without `onRevoke` nobody here may end a key. */
type Props = {
  heading: RefObject<HTMLHeadingElement | null>;
  keys: readonly ApiKey[];
  now: number;
  onRevoke: ((key: ApiKey) => void) | null;
};

export function KeyLists({ heading, keys, now, onRevoke }: Props) {
  const { t } = useTranslation();
  const live = keys.filter((key) => isInForce(key, now));
  const ended = keys.filter((key) => !isInForce(key, now));
  return (
    <>
      <section className="part">
        <h2 ref={heading} tabIndex={-1}>
          {t("develop.keys.live")}
        </h2>
        {live.length === 0 && (
          <div className="nothing">
            <p>{t("develop.keys.liveNone")}</p>
            <p className="quiet">{t("develop.keys.liveNoneText")}</p>
          </div>
        )}
        <ul className="cards">
          {live.map((key) => (
            <KeyView key={key.key} apiKey={key} now={now} onRevoke={onRevoke} />
          ))}
        </ul>
      </section>
      {ended.length > 0 && (
        <details className="part">
          <summary>{t("develop.keys.ended", { count: ended.length })}</summary>
          <ul className="cards">
            {ended.map((key) => (
              <KeyView key={key.key} apiKey={key} now={now} onRevoke={null} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

type KeyProps = { apiKey: ApiKey; now: number; onRevoke: ((key: ApiKey) => void) | null };

function KeyView({ apiKey, now, onRevoke }: KeyProps) {
  const { t } = useTranslation();
  return (
    <li className="card key">
      <div className="card-head">
        <h3>{apiKey.name}</h3>
        <State state={stateOf(apiKey, now)} />
      </div>
      <Facts apiKey={apiKey} />
      {onRevoke !== null && (
        <Button
          className="button button-stop card-way"
          aria-label={t("develop.keys.revokeNamed", { name: apiKey.name })}
          onPress={() => onRevoke(apiKey)}
        >
          {t("develop.keys.revoke")}
        </Button>
      )}
    </li>
  );
}

function State({ state }: { state: KeyState }) {
  const { t } = useTranslation();
  const look = { live: "tag tag-good", ending: "tag tag-warn", expired: "tag", revoked: "tag" }[state];
  const icon = { live: "check", ending: "warn", expired: "close", revoked: "close" } as const;
  return (
    <p className={look}>
      <Icon name={icon[state]} />
      {t(`develop.keys.state.${state}`)}
    </p>
  );
}

function Facts({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const { date } = useWords();
  const scopes = scopesOf(apiKey).map((scope) => t(`develop.keys.brief.${SCOPE_WORDS[scope]}`));
  return (
    <dl className="facts">
      <Fact name={t("develop.keys.prefix")}>
        <code>{prefixOf(apiKey.key)}</code>
      </Fact>
      <Fact name={t("develop.keys.may")}>{scopes.length === 0 ? t("develop.keys.nothing") : scopes.join(", ")}</Fact>
      <Fact name={t("develop.keys.models")}>
        {apiKey.models.length === 0 ? t("develop.keys.allModels") : apiKey.models.join(", ")}
      </Fact>
      <Fact name={t("develop.keys.created")}>{date(apiKey.created_at)}</Fact>
      <Fact name={t("develop.keys.expires")}>{date(apiKey.expires_at)}</Fact>
      <Fact name={t("develop.keys.used")}>
        {apiKey.used_at === null ? t("develop.keys.unused") : date(apiKey.used_at)}
      </Fact>
    </dl>
  );
}
