/** A link by others: a button that shows the host, and a dialog that shows the whole address before it opens. */
import { type ReactNode, useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Window } from "~/ui/Window";
import { type Address, readAddress } from "./address";

export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const address = readAddress(href);
  if (address === null) return <span>{children}</span>;
  return (
    <>
      <Button className="link-button" onPress={() => setOpen(true)}>
        {children} <span className="host">({address.host})</span>
      </Button>
      {isOpen && (
        <Window title={t("link.title")} close={t("link.stay")} onClose={() => setOpen(false)}>
          <Leaving address={address} onStay={() => setOpen(false)} />
        </Window>
      )}
    </>
  );
}

function Leaving({ address, onStay }: { address: Address; onStay: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t("link.text")}</p>
      <p className="address">{address.href}</p>
      {address.long && <p className="note note-warn">{t("link.long")}</p>}
      <div className="actions">
        <Button className="button" onPress={onStay}>
          {t("link.stay")}
        </Button>
        <a className="button button-quiet" href={address.href} target="_blank" rel="noopener noreferrer nofollow">
          {t("link.open")}
        </a>
      </div>
    </>
  );
}
