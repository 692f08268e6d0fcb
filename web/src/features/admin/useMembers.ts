/** The changes of members, and which window is open for one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "~/api/ApiContext";
import { addMember, assignRoles, membersKey, removeMember } from "~/api/members";
import { sessionKey } from "~/api/session";
import type { Member } from "~/api/shapes";

export type Open = { at: "none" } | { at: "add" } | { at: "roles"; member: Member } | { at: "remove"; member: Member };

export type Done = { at: "added" | "changed" | "removed"; name: string };

type Change =
  | { at: "add"; email: string; roles: readonly string[] }
  | { at: "roles"; member: Member; roles: readonly string[] }
  | { at: "remove"; member: Member };

export type MemberChanges = Readonly<{
  open: Open;
  show: (open: Open) => void;
  change: (change: Change) => void;
  fault: Error | null;
  isBusy: boolean;
}>;

export function useMembers(onDone: (done: Done) => void): MemberChanges {
  const { api, organisation } = useApi();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Open>({ at: "none" });
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: async (change: Change): Promise<Done> => {
      if (change.at === "add") return { at: "added", name: (await addMember(api, change.email, change.roles)).name };
      if (change.at === "roles") await assignRoles(api, change.member.id, change.roles);
      else await removeMember(api, change.member.id);
      return { at: change.at === "roles" ? "changed" : "removed", name: change.member.name };
    },
    onSuccess: async (done, change) => {
      setOpen({ at: "none" });
      await queries.invalidateQueries({ queryKey: membersKey(organisation) });
      if (change.at !== "add" && change.member.own) await queries.invalidateQueries({ queryKey: sessionKey });
      onDone(done);
    },
  });
  const show = (next: Open) => {
    reset();
    setOpen(next);
  };
  return { open, show, change: mutate, fault: error, isBusy: isPending };
}
