/** What can be done with a conversation as a whole, behind a button that is fetched after the page. */
import { Suspense, lazy } from "react";
import type { Conversation } from "~/api/shapes";

const ConversationMenu = lazy(async () => ({ default: (await import("./ConversationMenu")).ConversationMenu }));

export function MoreButton({ conversation }: { conversation: Pick<Conversation, "id" | "title" | "mode"> }) {
  return (
    <Suspense fallback={<span className="icon-button" />}>
      <ConversationMenu conversation={conversation} />
    </Suspense>
  );
}
