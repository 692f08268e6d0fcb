/** The members of the organisation: found, taken in, given roles, let go. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useApi, useMay } from "~/api/ApiContext";
import { membersQuery } from "~/api/members";
import { Icon } from "~/ui/Icon";
import { useAnnounce } from "~/ui/Announcer";
import { Fetched } from "~/ui/Fetched";
import { MemberList } from "./MemberList";
import { OpenWindow } from "./OpenWindow";
import type { MemberSearch } from "./search";
import { useMembers } from "./useMembers";

type Props = { search: MemberSearch; onSearch: (search: MemberSearch) => void };

export function MembersSection({ search, onSearch }: Props) {
  const { t } = useTranslation();
  const { api, organisation } = useApi();
  const canChange = useMay()("member:write");
  const announce = useAnnounce();
  const heading = useRef<HTMLHeadingElement>(null);
  const first = search.fran ?? 0;
  const members = useQuery(membersQuery(api, organisation, { search: search.sok ?? "", first }));
  const changes = useMembers((done) => {
    announce(t(`admin.done.${done.at}`, { name: done.name }));
    if (done.at === "removed") heading.current?.focus();
  });
  const { show } = changes;
  return (
    <section className="part" aria-labelledby="members">
      <div className="part-head">
        <h2 id="members" ref={heading} tabIndex={-1}>
          {t("admin.members.title")}
        </h2>
        {canChange && (
          <Button className="button" onPress={() => show({ at: "add" })}>
            {t("admin.add.open")}
          </Button>
        )}
      </div>
      <p className="quiet">{t("admin.members.lead")}</p>
      <Finder key={search.sok ?? ""} words={search.sok ?? ""} onFind={(words) => onSearch(words === "" ? {} : { sok: words })} />
      <Fetched waiting={t("admin.fetching")} query={members}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <p>{t("admin.members.nobody")}</p>}
            <MemberList
              members={items}
              canChange={canChange}
              onRoles={(member) => show({ at: "roles", member })}
              onRemove={(member) => show({ at: "remove", member })}
            />
            <Pages first={first} next={next} onPage={(fran) => onSearch({ ...search, fran })} />
          </>
        )}
      </Fetched>
      <OpenWindow members={changes} />
    </section>
  );
}

function Finder({ words, onFind }: { words: string; onFind: (words: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(words);
  return (
    <form
      className="finder"
      onSubmit={(event) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <SearchField className="field" value={typed} onChange={setTyped} maxLength={100} onClear={() => onFind("")}>
        <Label className="field-label">{t("admin.members.find")}</Label>
        <Input className="field-input" />
      </SearchField>
      <Button type="submit" className="button button-quiet">
        <Icon name="search" />
        {t("admin.members.search")}
      </Button>
    </form>
  );
}

const PAGE = 50;

function Pages({ first, next, onPage }: { first: number; next: number | null; onPage: (first: number) => void }) {
  const { t } = useTranslation();
  if (first === 0 && next === null) return null;
  return (
    <div className="actions">
      <Button className="button button-quiet" isDisabled={first === 0} onPress={() => onPage(Math.max(0, first - PAGE))}>
        {t("admin.members.before")}
      </Button>
      <Button className="button button-quiet" isDisabled={next === null} onPress={() => onPage(next ?? first)}>
        {t("admin.members.after")}
      </Button>
    </div>
  );
}
