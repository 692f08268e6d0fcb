/** How many there are, what came since, and what can be done with them. */
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { type AuditSearch, anew } from "./search";

type Props = { search: AuditSearch; total: number | undefined; fresh: number; onRenew: () => void };

export function Toolbar({ search, total, fresh, onRenew }: Props) {
  const { t } = useTranslation();
  const go = useNavigate();
  const renew = () => {
    onRenew();
    void go({ to: "/granskning", search: anew(search, {}) });
  };
  return (
    <div className="log-tools">
      <output className="log-total">
        {total !== undefined && t("audit.log.total", { count: total })}
      </output>
      <Button className="button button-quiet" onPress={renew}>
        {fresh > 0 ? t("audit.log.fresh", { count: fresh }) : t("audit.log.refresh")}
      </Button>
      <Link to="/granskning/exporter" search={anew(search, {})} className="button button-quiet">
        <Icon name="save" />
        {t("audit.log.exportThese")}
      </Link>
    </div>
  );
}
