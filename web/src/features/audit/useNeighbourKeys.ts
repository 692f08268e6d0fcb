/** Alt with an arrow goes to the record above or below. */
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { AuditSearch } from "./search";

type Ways = Readonly<{ newer: number; older: number | null; search: AuditSearch }>;

export function useNeighbourKeys({ newer, older, search }: Ways): void {
  const go = useNavigate();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const seq = event.key === "ArrowUp" ? newer : older;
      if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown") || seq === null) return;
      event.preventDefault();
      void go({ to: "/granskning/$seq", params: { seq: String(seq) }, search });
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [go, newer, older, search]);
}
