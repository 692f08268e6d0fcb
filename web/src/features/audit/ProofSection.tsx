/** That a record stands in the log: hashes and signed root, recomputed here on request, and as a file. */
import { useId, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Proven } from "~/api/audit";
import { Icon } from "~/ui/Icon";
import { Visible } from "./Visible";
import { amount } from "./names";
import { type Verdict, check, readHead } from "./proof";

export function ProofSection({ record, previous }: { record: Proven; previous: string | null }) {
  const { t, i18n } = useTranslation();
  const head = readHead(record.checkpoint);
  return (
    <section className="record-part" aria-labelledby="record-proof">
      <h2 id="record-proof">{t("audit.proof.title")}</h2>
      <p>{t("audit.proof.lead")}</p>
      <Checker record={record} />
      <dl className="record-words">
        <Hash name={t("audit.proof.leaf")} value={record.leaf} />
        <Hash name={t("audit.proof.previous")} value={previous ?? t("audit.proof.first")} />
        {head !== null && (
          <Hash name={t("audit.proof.checkpoint", { size: amount(i18n.language, head.size), origin: head.origin })} value={head.root} />
        )}
      </dl>
      <details>
        <summary>{t("audit.proof.path", { count: record.path.length })}</summary>
        <ol className="proof-path code">
          {record.path.map((step) => <li key={step}>{step}</li>)}
        </ol>
      </details>
      <Download record={record} />
    </section>
  );
}

function Hash({ name, value }: { name: string; value: string }) {
  return (
    <div className="said">
      <dt><Visible text={name} /></dt>
      <dd className="code"><Visible text={value} /></dd>
    </div>
  );
}

type Checking = { at: "idle" } | { at: "computing" } | { at: "done"; verdict: Verdict };

function Checker({ record }: { record: Proven }) {
  const { t } = useTranslation();
  const field = useId();
  const how = useId();
  const [key, setKey] = useState(record.vkey);
  const [checking, setChecking] = useState<Checking>({ at: "idle" });
  const begin = () => {
    setChecking({ at: "computing" });
    void check(record, key, globalThis.crypto.subtle).then((verdict) => setChecking({ at: "done", verdict }));
  };
  return (
    <div className="checker">
      <label htmlFor={field}>{t("audit.proof.key")}</label>
      <input
        id={field}
        className="field code"
        value={key}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={how}
        onChange={(event) => {
          setKey(event.target.value);
          setChecking({ at: "idle" });
        }}
      />
      <p id={how} className="quiet">{t("audit.proof.keyHow")}</p>
      <Button className="button" onPress={begin} isDisabled={checking.at === "computing"}>
        <Icon name="shield" />
        {t(checking.at === "computing" ? "audit.proof.checking" : "audit.proof.check")}
      </Button>
      <output className="checker-result">{checking.at === "done" && <Result verdict={checking.verdict} />}</output>
    </div>
  );
}

const CHANGED: ReadonlySet<Verdict> = new Set(["badLeaf", "badPath", "badSignature"]);

function Result({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const isChanged = CHANGED.has(verdict);
  const look = isChanged ? "note note-fault" : verdict === "good" ? "note note-good" : "note note-warn";
  return (
    <div className={look}>
      <Icon name={verdict === "good" ? "check" : "warn"} />
      <div>
        <p>{t(`audit.proof.${verdict}`)}</p>
        {isChanged && <p>{t("audit.proof.whatNow")}</p>}
      </div>
    </div>
  );
}

function Download({ record }: { record: Proven }) {
  const { t } = useTranslation();
  const name = `valv-${record.seq}.tlog-proof`;
  const save = () => {
    const address = URL.createObjectURL(new Blob([record.proof], { type: "text/plain" }));
    const way = document.createElement("a");
    way.href = address;
    way.download = name;
    way.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className="proof-file">
      <Button className="button button-quiet" onPress={save}>
        <Icon name="save" />
        {t("audit.proof.download")}
      </Button>
      <p>{t("audit.proof.offline")}</p>
      <pre className="command">{`python -m audit check ${name} --vkey "${record.vkey}"`}</pre>
    </div>
  );
}
