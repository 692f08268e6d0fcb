/** The start page, and the conversation that begins there. */
import { StartPage } from "~/features/conversation/StartPage";
import { useBeginning } from "~/features/conversation/useBeginning";
import { Unfetched } from "./Unfetched";
import { useHasRoom } from "./useHasRoom";
import { useLibrary } from "./useLibrary";

export function StartRoute() {
  const { library, fault, retry } = useLibrary();
  const begin = useBeginning();
  return (
    <div className="room">
      <div>
        {fault !== null && <Unfetched fault={fault} onRetry={retry} />}
        <StartPage library={library} hasHistoryBeside={useHasRoom()} onBegin={begin} />
      </div>
    </div>
  );
}
