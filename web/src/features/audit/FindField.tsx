/** The one field for what people quote: a reference number, a pseudonym, a document, a record's number. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { type AuditSearch, anew, read } from "./search";

export function FindField({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const field = useId();
  const fault = useId();
  const { written, write, isBad, submit } = useFinding(search);
  return (
    <form className="find" onSubmit={submit}>
      <label htmlFor={field}>{t("audit.find.label")}</label>
      <div className="find-line">
        <input
          id={field}
          className="field"
          value={written}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isBad}
          aria-describedby={isBad ? fault : undefined}
          onChange={(event) => write(event.target.value)}
        />
        <Button type="submit" className="button button-quiet">
          <Icon name="search" />
          {t("audit.find.action")}
        </Button>
      </div>
      {isBad && (
        <p id={fault} className="field-fault" role="alert">
          {t("audit.find.bad")}
        </p>
      )}
    </form>
  );
}

function useFinding(search: AuditSearch) {
  const go = useNavigate();
  const [written, setWritten] = useState(search.q ?? "");
  const [isBad, setBad] = useState(search.q !== undefined && read(search.q).at === "nothing");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const q = written.trim();
    const found = read(q);
    setBad(q !== "" && found.at === "nothing");
    if (found.at === "record") void go({ to: "/granskning/$seq", params: { seq: String(found.seq) }, search });
    else if (q === "" || found.at !== "nothing") void go({ to: "/granskning", search: anew(search, { q: q || undefined }) });
  };
  return { written, write: setWritten, isBad, submit };
}
