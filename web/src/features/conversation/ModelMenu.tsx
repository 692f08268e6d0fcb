/** The choice of how an answer is written, in plain words. */
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  type Selection,
  Text,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import { useHighest } from "./useHighest";

/** No model chosen means that the gateway chooses, by the language of the question. */
type Props = { models: readonly Model[]; chosen: Model | null; onChoose: (model: Model | null) => void };

const AUTO = "auto";

export function ModelMenu({ models, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const title = chosen?.title ?? t("models.auto");
  const choose = (keys: Selection) => {
    onChoose(models.find((model) => keys !== "all" && keys.has(`m:${model.name}`)) ?? null);
  };
  return (
    <MenuTrigger>
      <Button className="choice" aria-label={t("models.label", { title })}>
        <Icon name={chosen?.kind === "extractive" ? "quote" : "pen"} />
        <span className="choice-text">{title}</span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu menu-cards">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[chosen === null ? AUTO : `m:${chosen.name}`]}
            onSelectionChange={choose}
          >
            <Header>{t("models.heading")}</Header>
            <MenuItem id={AUTO} textValue={t("models.auto")} className="menu-item">
              <Icon name="check" />
              <Text slot="label">{t("models.auto")}</Text>
              <Text slot="description">{t("models.autoText")}</Text>
            </MenuItem>
            {models.map((model) => (
              <ModelItem key={model.name} model={model} />
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function ModelItem({ model }: { model: Model }) {
  const { t } = useTranslation();
  const ceiling = useHighest(model.ceiling);
  return (
    <MenuItem id={`m:${model.name}`} textValue={model.title} className="menu-item">
      <Icon name="check" />
      <Text slot="label">{model.title}</Text>
      <Text slot="description">
        {model.description}
        <span className="tags">
          <span className="tag">{t(model.kind === "extractive" ? "models.kind.extractive" : "models.kind.chat")}</span>
          {ceiling !== "" && <span className="tag">{t("models.ceiling", { level: ceiling })}</span>}
          {!model.writes_swedish && <span className="tag tag-warn">{t("models.noSwedish")}</span>}
        </span>
      </Text>
    </MenuItem>
  );
}
