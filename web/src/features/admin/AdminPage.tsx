/** The organisation's own room: its members, what it tells them, its collections, and what is kept. */
import { useTranslation } from "react-i18next";
import { useApi } from "~/api/ApiContext";
import { Page } from "~/ui/Page";
import { BannerSection } from "./BannerSection";
import { CollectionsSection, RetentionSection } from "./KeptSection";
import { MembersSection } from "./MembersSection";
import type { MemberSearch } from "./search";
import "./admin.css";

type Props = { search: MemberSearch; onSearch: (search: MemberSearch) => void };

export function AdminPage({ search, onSearch }: Props) {
  const { t } = useTranslation();
  const { me } = useApi();
  return (
    <Page title={t("admin.title")} lead={t("admin.lead", { organisation: me.organisation?.name ?? "" })}>
      <MembersSection search={search} onSearch={onSearch} />
      <BannerSection />
      <CollectionsSection />
      <RetentionSection />
    </Page>
  );
}
