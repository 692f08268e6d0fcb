/** Tasks to begin with: each writes a question with a blank to fill in, and sends nothing. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "~/ui/Icon";

const TASKS = [
  { name: "find", icon: "search" },
  { name: "summarise", icon: "list" },
  { name: "citizen", icon: "reply" },
  { name: "consultation", icon: "page" },
] as const satisfies readonly { name: string; icon: IconName }[];

export function StarterTasks({ onChoose }: { onChoose: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <section className="tasks" aria-labelledby="tasks">
      <h2 id="tasks">{t("ask.tasks.heading")}</h2>
      <ul>
        {TASKS.map(({ name, icon }) => (
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
