/** Asking: the start page of whoever may ask. */
import { createRoute } from "@tanstack/react-router";
import { AskRoute } from "../AskRoute";
import { type Entry, area } from "../root";

export const conversationEntry: Entry = {
  place: "conversation",
  to: "/",
  icon: "quote",
  needs: (may) => may("chat:ask"),
};

const ask = createRoute({ ...area("conversation", "conversation", conversationEntry.needs), path: "/", component: AskRoute });

export const conversationRoutes = [ask] as const;
