/** The choice of which collections are searched: all of them, or some. */
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
import type { Collection } from "~/api/shapes";
import { fileName } from "~/text/harmless";
import { Icon } from "~/ui/Icon";
import { EVERY, NONE, toChosen, toKeys } from "./collectionChoice";

type Props = {
  collections: readonly Collection[];
  chosen: readonly string[] | null;
  /** Whether a question can be answered from no documents at all. */
  mayChooseNone: boolean;
  onChoose: (chosen: readonly string[] | null) => void;
};

export function CollectionMenu({ collections, chosen, mayChooseNone, onChoose }: Props) {
  const { t } = useTranslation();
  const choose = (keys: Selection) => onChoose(toChosen(chosen, keys === "all" ? [EVERY] : [...keys].map(String)));
  const words = useChosenWords(collections, chosen);
  return (
    <MenuTrigger>
      <Button className="choice" aria-label={t("collections.label", { chosen: words })}>
        <Icon name="folder" />
        <span className="choice-text">{words}</span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu" renderEmptyState={() => <p className="menu-empty">{t("collections.none")}</p>}>
          <MenuSection selectionMode="multiple" selectedKeys={toKeys(chosen)} onSelectionChange={choose}>
            <Header>{t("collections.heading")}</Header>
            <MenuItem id={EVERY} className="menu-item" textValue={t("collections.all")}>
              <Icon name="check" />
              <Text slot="label">{t("collections.all")}</Text>
            </MenuItem>
            {collections.map((collection) => (
              <CollectionItem key={collection.id} collection={collection} />
            ))}
            {mayChooseNone && (
              <MenuItem id={NONE} className="menu-item" textValue={t("collections.without")}>
                <Icon name="check" />
                <Text slot="label">{t("collections.without")}</Text>
                <Text slot="description">{t("collections.withoutText")}</Text>
              </MenuItem>
            )}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function CollectionItem({ collection }: { collection: Collection }) {
  const { t } = useTranslation();
  const name = fileName(collection.name);
  return (
    <MenuItem id={`c:${collection.id}`} className="menu-item" textValue={name}>
      <Icon name="check" />
      <Text slot="label">{name}</Text>
      <Text slot="description">{t("collections.documents", { count: collection.documents })}</Text>
    </MenuItem>
  );
}

function useChosenWords(collections: readonly Collection[], chosen: readonly string[] | null): string {
  const { t } = useTranslation();
  if (chosen === null) return t("collections.all");
  if (chosen.length === 0) return t("collections.without");
  const [only] = chosen.length === 1 ? collections.filter((one) => chosen.includes(one.id)) : [];
  return only === undefined ? t("collections.some", { count: chosen.length }) : fileName(only.name);
}
