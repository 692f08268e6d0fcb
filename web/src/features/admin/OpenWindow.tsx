/** The window that is open for a change of members, if any is. */
import { AddWindow } from "./AddWindow";
import { RemoveWindow } from "./RemoveWindow";
import { RolesWindow } from "./RolesWindow";
import type { MemberChanges } from "./useMembers";

export function OpenWindow({ members: { open, show, change, fault, isBusy } }: { members: MemberChanges }) {
  const shared = { fault, isBusy, onClose: () => show({ at: "none" }) };
  switch (open.at) {
    case "none":
      return null;
    case "add":
      return <AddWindow {...shared} onAdd={(email, roles) => change({ at: "add", email, roles })} />;
    case "roles":
      return <RolesWindow {...shared} member={open.member} onSave={(roles) => change({ at: "roles", member: open.member, roles })} />;
    case "remove":
      return <RemoveWindow {...shared} member={open.member} onRemove={() => change({ at: "remove", member: open.member })} />;
  }
}
