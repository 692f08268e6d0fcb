/** The choice of how an answer is written, in plain words. */
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Text } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Model } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import { useCeiling } from "./useCeiling";

type Props = { models: readonly Model[]; chosen: Model; onChoose: (name: string) => void };

export function ModelMenu({ models, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <Button className="choice" aria-label={t("models.label", { title: chosen.title })}>
        <Icon name={chosen.kind === "extractive" ? "quote" : "pen"} />
        <span className="choice-text">{chosen.title}</span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu menu-cards">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[chosen.name]}
            onSelectionChange={(keys) => onChoose(String([...keys][0] ?? chosen.name))}
          >
            <Header>{t("models.heading")}</Header>
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
  const ceiling = useCeiling(model);
  return (
    <MenuItem id={model.name} textValue={model.title} className="menu-item">
      <Icon name="check" />
      <Text slot="label">{model.title}</Text>
      <Text slot="description">
        {model.description}
        <span className="tags">
          <span className="tag">{t(`models.kind.${model.kind}`)}</span>
          {ceiling !== "" && <span className="tag">{t("models.ceiling", { level: ceiling })}</span>}
          {!model.writes_swedish && <span className="tag tag-warn">{t("models.noSwedish")}</span>}
        </span>
      </Text>
    </MenuItem>
  );
}
