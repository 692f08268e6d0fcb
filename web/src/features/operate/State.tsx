/** Well or not, in a word beside a sign: never by colour alone. */
import { Icon } from "~/ui/Icon";

export function State({ isWell, children }: { isWell: boolean; children: string }) {
  return (
    <span className={isWell ? "state state-well" : "state state-away"}>
      <Icon name={isWell ? "check" : "warn"} />
      {children}
    </span>
  );
}
