/** Usage as bars, as a table, and as a file. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Days, Figures } from "~/api/usage";
import { Icon } from "~/ui/Icon";
import { Bars } from "./Bars";
import { UsageTable } from "./UsageTable";
import { chartOf } from "./chart";
import { type Cell, csv } from "./csv";
import { daysBetween } from "./days";
import type { Measure } from "./search";

/** `names`: the names of keys, by their ids. */
type Props = {
  days: Days;
  items: readonly Figures[];
  names: ReadonlyMap<string, string>;
  measure: Measure;
  isTable: boolean;
  onTable: (isTable: boolean) => void;
};

export function UsageView({ days, items, names, measure, isTable, onTable }: Props) {
  const { t } = useTranslation();
  if (items.length === 0) {
    return (
      <div className="nothing">
        <p>{t("develop.usage.none")}</p>
        <p className="quiet">{t("develop.usage.noneText")}</p>
      </div>
    );
  }
  const name = (key: string | null) => {
    if (key === null) return t("develop.usage.workspace");
    return key === "rest" ? t("develop.usage.rest") : (names.get(key) ?? key);
  };
  return (
    <>
      <Bars chart={chartOf(daysBetween(days), items, measure)} measure={measure} name={name} />
      <p className="quiet">{t("develop.usage.utc")}</p>
      <div className="actions">
        <Button className="button button-quiet" aria-expanded={isTable} onPress={() => onTable(!isTable)}>
          <Icon name="list" />
          {t(isTable ? "develop.usage.hideTable" : "develop.usage.table")}
        </Button>
        <Download days={days} items={items} name={name} />
      </div>
      {isTable && <UsageTable items={items} name={name} />}
    </>
  );
}

type DownloadProps = Pick<Props, "days" | "items"> & { name: (key: string | null) => string };

function Download({ days, items, name }: DownloadProps) {
  const { t, i18n } = useTranslation();
  const heads = ["day", "key", "model", "calls", "ok", "failed", "blocked", "aborted", "tokensIn", "tokensOut"] as const;
  const save = () => {
    const rows: Cell[][] = items.map((item) => [
      item.day,
      name(item.key),
      item.model,
      item.calls,
      item.ok,
      item.failed,
      item.blocked,
      item.client_aborted,
      item.tokens_in,
      item.tokens_out,
    ]);
    // spreadsheets in Swedish take the comma for a part of a number
    const text = csv([heads.map((head) => t(`develop.usage.${head}`)), ...rows], i18n.language === "sv" ? ";" : ",");
    saveFile(text, `valv-${days.from}-${days.to}.csv`);
  };
  return (
    <Button className="button button-quiet" onPress={save}>
      <Icon name="save" />
      {t("develop.usage.download")}
    </Button>
  );
}

function saveFile(text: string, file: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
