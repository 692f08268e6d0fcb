/** Someone whom the identity provider knows is taken into the organisation. */
import { useState } from "react";
import { Button, Form, Input, Label, Text, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Window } from "~/ui/Window";
import { Refusal } from "./Refusal";
import { RoleBoxes } from "./RoleBoxes";
import { clashes } from "./roles";

type Props = {
  isBusy: boolean;
  fault: Error | null;
  onAdd: (email: string, roles: readonly string[]) => void;
  onClose: () => void;
};

export function AddWindow({ isBusy, fault, onAdd, onClose }: Props) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState(["employee"]);
  const isReady = !isBusy && email.trim().length > 2 && !clashes(roles);
  return (
    <Window title={t("admin.add.title")} close={t("admin.close")} onClose={onClose}>
      <Form
        className="window-form"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onAdd(email.trim(), roles);
        }}
      >
        <TextField className="field" value={email} onChange={setEmail} type="email" isRequired maxLength={254}>
          <Label className="field-label">{t("admin.add.email")}</Label>
          <Input className="field-input" autoComplete="off" />
          <Text slot="description" className="quiet">
            {t("admin.add.hint")}
          </Text>
        </TextField>
        <RoleBoxes roles={roles} onRoles={setRoles} />
        {fault !== null && <Refusal fault={fault} />}
        <div className="actions">
          <Button className="button" type="submit" isDisabled={!isReady}>
            {t("admin.add.action")}
          </Button>
          <Button className="button button-quiet" onPress={onClose}>
            {t("admin.cancel")}
          </Button>
        </div>
      </Form>
    </Window>
  );
}
