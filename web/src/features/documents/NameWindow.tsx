/** Naming a collection: a new one, or one that there is. */
import { type FormEvent, useState } from "react";
import { Button, Input, Label, Text, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { createCollection, renameCollection } from "~/api/documents";
import { problemOf } from "~/api/problem";
import type { Collection } from "~/api/shapes";
import { visibleName } from "~/text/visible";
import { ProblemNote } from "~/ui/ProblemNote";
import { Window } from "~/ui/Window";
import { useShelfChange } from "./useShelfChange";

const LONGEST = 200;

export function CreateWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { api } = useApi();
  const change = useShelfChange(async (name: string) => void (await createCollection(api, name)));
  const save = (name: string) => change.run(name, t("documents.collections.created", { name }), onClose);
  const words = { title: t("documents.collections.new"), save: t("documents.collections.create") };
  return <NameWindow name="" {...words} change={change} onSave={save} onClose={onClose} />;
}

type RenameProps = { collection: Collection; onClose: () => void };

export function RenameWindow({ collection: { id, name: old }, onClose }: RenameProps) {
  const { t } = useTranslation();
  const { api } = useApi();
  const change = useShelfChange((name: string) => renameCollection(api, id, name));
  const save = (name: string) => change.run(name, t("documents.collections.renamed", { name }), onClose);
  const words = { title: t("documents.collections.renameTitle"), save: t("documents.collections.save") };
  return <NameWindow name={visibleName(old)} {...words} change={change} onSave={save} onClose={onClose} />;
}

type Props = {
  name: string;
  title: string;
  save: string;
  change: { fault: Error | null; isPending: boolean };
  onSave: (name: string) => void;
  onClose: () => void;
};

function NameWindow({ name: given, title, save, change, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(given);
  const trimmed = name.trim();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed !== "" && !change.isPending) onSave(trimmed);
  };
  return (
    <Window title={title} close={t("documents.close")} onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        {change.fault !== null && <ProblemNote problem={problemOf(change.fault)} />}
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog opens for this field alone */}
        <TextField className="field" autoFocus value={name} onChange={setName} maxLength={LONGEST} autoComplete="off">
          <Label>{t("documents.collections.name")}</Label>
          <Input className="input" />
          <Text slot="description" className="quiet">
            {t("documents.collections.nameHelp")}
          </Text>
        </TextField>
        <div className="actions">
          <Button className="button" type="submit" isDisabled={trimmed === "" || change.isPending}>
            {save}
          </Button>
        </div>
      </form>
    </Window>
  );
}
