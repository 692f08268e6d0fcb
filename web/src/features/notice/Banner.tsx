/** What the organisation tells all its people, on every page: plain words, in the reader's language where there are any. */
import { useTranslation } from "react-i18next";
import type { Banner as Words } from "~/api/shapes";
import { Icon } from "~/ui/Icon";
import "./banner.css";

export function Banner({ banner }: { banner: Words | null }) {
  const { t, i18n } = useTranslation();
  if (banner === null) return null;
  const isSwedish = i18n.language !== "en";
  const own = isSwedish ? banner.sv : banner.en;
  const other = isSwedish ? banner.en : banner.sv;
  return (
    <section className="banner" aria-label={t("banner.label")}>
      <Icon name="people" />
      {own === "" ? <p lang={isSwedish ? "en" : "sv"}>{other}</p> : <p>{own}</p>}
    </section>
  );
}
