/** Conversations: the start page of whoever may ask, each conversation, and all of them. */
import { createRoute } from "@tanstack/react-router";
import { HistoryPage } from "~/features/conversation/HistoryPage";
import { ConversationRoute } from "../ConversationRoute";
import { readMessage } from "../messageSearch";
import { type Entry, area } from "../root";
import { StartRoute } from "../StartRoute";
import { TalkRoom } from "../TalkRoom";

export const conversationEntry: Entry = {
  place: "conversation",
  to: "/",
  icon: "quote",
  needs: (may) => may("chat:ask"),
};

const shared = area("conversation", "conversation", conversationEntry.needs);
const { staticData } = shared;
const room = createRoute({ ...shared, id: "talk", component: TalkRoom });
const inRoom = { getParentRoute: () => room, staticData };

const start = createRoute({ ...inRoom, path: "/", component: StartRoute });
const all = createRoute({ ...inRoom, path: "/samtal", component: HistoryPage });
const one = createRoute({
  ...inRoom,
  path: "/c/$conversation",
  validateSearch: readMessage,
  component: ConversationRoute,
});

export const conversationRoutes = [room.addChildren([start, all, one])] as const;
