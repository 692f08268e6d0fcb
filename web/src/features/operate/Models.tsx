/** The models: what each has to do now, and the servers behind it. */
import { useLocale } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Installation } from "~/api/shapes";
import { State } from "./State";
import { ago } from "./figures";

type Model = Installation["models"][number];

export function Models({ models }: { models: readonly Model[] }) {
  const { t } = useTranslation();
  return (
    <section className="part" aria-labelledby="models">
      <h2 id="models">{t("operate.models.title")}</h2>
      <ul className="models">
        {models.map((model) => (
          <li key={model.name} className="model">
            <h3>{model.title}</h3>
            <p className="quiet">
              <code>{model.name}</code>
            </p>
            {model.engine === null ? <p>{t("operate.models.none")}</p> : <Load model={model} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Load({ model }: { model: Model }) {
  const { t } = useTranslation();
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{t("operate.models.running")}</dt>
          <dd>{t("operate.models.of", { count: model.running, most: model.parallel })}</dd>
        </div>
        <div>
          <dt>{t("operate.models.waiting")}</dt>
          <dd>{model.waiting}</dd>
        </div>
      </dl>
      <ul className="servers" aria-label={t("operate.models.servers")}>
        {model.servers.map((server) => (
          <li key={server.url}>
            <Server server={server} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Server({ server }: { server: Model["servers"][number] }) {
  const { t } = useTranslation();
  const { locale } = useLocale();
  const lost = server.lost_seconds_ago;
  return (
    <>
      <p>
        <code className="server-place">{server.url}</code>{" "}
        <State isWell={server.up}>{t(server.up ? "operate.models.up" : "operate.models.down")}</State>
      </p>
      <p className="quiet">
        {lost === null
          ? t("operate.models.neverLost")
          : t("operate.models.lost", { count: server.losses, ago: ago(lost, locale) })}
      </p>
    </>
  );
}
