/** A small button under a question or an answer. */
import { Button } from "react-aria-components";
import { Icon, type IconName } from "~/ui/Icon";

type Props = { icon: IconName; label: string; onPress: () => void };

export function Tool({ icon, label, onPress }: Props) {
  return (
    <Button className="tool" onPress={onPress}>
      <Icon name={icon} />
      {label}
    </Button>
  );
}
