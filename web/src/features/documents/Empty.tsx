/** Nothing here yet, and what to do about it. */
import { Icon, type IconName } from "~/ui/Icon";

type Props = { icon: IconName; title: string; text: string };

export function Empty({ icon, title, text }: Props) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty-title">{title}</p>
      <p className="quiet">{text}</p>
    </div>
  );
}
