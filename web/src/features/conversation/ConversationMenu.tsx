/** What can be done with a conversation as a whole: another name, or away with it. */
import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Conversation } from "~/api/shapes";
import { harmless } from "~/text/harmless";
import { Icon } from "~/ui/Icon";
import { DeleteDialog } from "./DeleteDialog";
import { RenameDialog } from "./RenameDialog";

type Props = { conversation: Pick<Conversation, "id" | "title" | "mode"> };

export function ConversationMenu({ conversation }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"none" | "rename" | "delete">("none");
  const close = () => setOpen("none");
  const title = harmless(conversation.title);
  return (
    <>
      <MenuTrigger>
        <Button className="icon-button" aria-label={t("history.more", { title })}>
          <Icon name="more" />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" aria-label={t("history.more", { title })}>
            <MenuItem className="menu-item menu-way-out" onAction={() => setOpen("rename")}>
              <Icon name="pen" />
              <Text slot="label">{t("history.rename")}</Text>
            </MenuItem>
            <MenuItem className="menu-item menu-way-out" onAction={() => setOpen("delete")}>
              <Icon name="trash" />
              <Text slot="label">{t("history.delete")}</Text>
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {open === "rename" && <RenameDialog conversation={conversation} onClose={close} />}
      {open === "delete" && <DeleteDialog conversation={conversation} onClose={close} />}
    </>
  );
}
