/** Tasks to begin with: each writes a question with a blank to fill in, and sends nothing. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "~/ui/Icon";

const TASKS = [
  { name: "find", icon: "search", writes: false },
  { name: "summarise", icon: "list", writes: false },
  { name: "citizen", icon: "reply", writes: false },
  { name: "consultation", icon: "page", writes: false },
  { name: "plain", icon: "pen", writes: true },
  { name: "minutes", icon: "scroll", writes: true },
] as const satisfies readonly { name: string; icon: IconName; writes: boolean }[];

/** `canWrite`: whether a model here writes Swedish; without one, only tasks that quotations answer are shown. */
type Props = { canWrite: boolean; onChoose: (text: string) => void };

export function StarterTasks({ canWrite, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <section className="tasks" aria-labelledby="tasks">
      <h2 id="tasks">{t("ask.tasks.heading")}</h2>
      <ul>
        {TASKS.filter(({ writes }) => canWrite || !writes).map(({ name, icon }) => (
          <li key={name}>
            <Button className="task" onPress={() => onChoose(t(`ask.tasks.${name}.text`))}>
              <Icon name={icon} />
              <span className="task-title">{t(`ask.tasks.${name}.title`)}</span>
              <span className="task-text">{t(`ask.tasks.${name}.text`)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
