/** The organisation's own room, with its search in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { AdminPage } from "~/features/admin/AdminPage";

export function AdminRoute() {
  const search = useSearch({ from: "/administration" });
  const navigate = useNavigate({ from: "/administration" });
  return <AdminPage search={search} onSearch={(next) => void navigate({ search: next })} />;
}
