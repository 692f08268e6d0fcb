/** Describes a new key and has it made. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { cardsQuery } from "~/api/building";
import { type NewKey, createKey, keysQuery } from "~/api/keys";
import { problemOf } from "~/api/problem";
import { ProblemNote } from "~/ui/ProblemNote";
import { Lifetime, ModelField, NameField, ScopeField } from "./KeyFields";
import { Over } from "./Over";
import { useNow } from "./useNow";
import { FIRST, type Field, missing, wishOf } from "./wish";

type Props = { onMade: (made: NewKey) => void; onClose: () => void };

export function CreateWindow({ onMade, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { api, organisation } = useApi();
  const cards = useQuery(cardsQuery(api, organisation, i18n.language));
  const now = useNow() / 1000;
  const { draft, change, lacking, making, form, submit } = useCreation(onMade);
  return (
    <Over title={t("develop.keys.form.title")} onClose={onClose}>
      <form ref={form} className="key-form" noValidate onSubmit={submit}>
        <NameField name={draft.name} isMissing={lacking === "name"} onName={(name) => change({ name })} />
        <ScopeField scopes={draft.scopes} isMissing={lacking === "scopes"} onScopes={(scopes) => change({ scopes })} />
        <ModelField draft={draft} models={cards.data ?? []} isMissing={lacking === "models"} onChange={change} />
        <Lifetime days={draft.days} now={now} onDays={(days) => change({ days })} />
        {making.error !== null && <ProblemNote problem={problemOf(making.error)} />}
        <div className="actions">
          <Button className="button" type="submit" isDisabled={making.isPending}>
            {t("develop.keys.form.submit")}
          </Button>
          <Button className="button button-quiet" onPress={onClose}>
            {t("develop.cancel")}
          </Button>
        </div>
      </form>
    </Over>
  );
}

/** What is typed, what it lacks once it was sent, and the sending. */
function useCreation(onMade: (made: NewKey) => void) {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(FIRST);
  const [lacking, setLacking] = useState<Field | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const making = useMutation({
    mutationFn: () => createKey(api, wishOf(draft)),
    onSuccess: (made) => {
      onMade(made);
      void queries.invalidateQueries(keysQuery(api, organisation));
    },
    gcTime: 0, // nothing remembers the secret but the window that shows it
  });
  const change = (part: Partial<typeof FIRST>) => {
    setLacking(null);
    setDraft((now) => ({ ...now, ...part }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lacks = missing(draft);
    setLacking(lacks);
    if (lacks === null) making.mutate();
    else form.current?.querySelector<HTMLInputElement>(`[data-field="${lacks}"] input`)?.focus();
  };
  return { draft, change, lacking, making, form, submit };
}
