/** A document by its own address. */
import { Link, useCanGoBack, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { DocumentViewer } from "~/features/passage/DocumentViewer";
import type { View, Where } from "~/features/passage/place";
import { useFirstView } from "~/features/passage/useFirstView";
import { Icon } from "~/ui/Icon";
import type { PlaceSearch } from "./placeSearch";

const VIEWS: Readonly<Record<"text" | "bild", View>> = { text: "text", bild: "picture" };

export function DocumentRoute() {
  const { document } = useParams({ from: "/dokument/$document" });
  const search = useSearch({ from: "/dokument/$document" });
  const navigate = useNavigate({ from: "/dokument/$document" });
  const { sida, fran, till, vy } = search;
  const [first] = useState(useFirstView());
  const view = vy === undefined ? first : VIEWS[vy];
  return (
    <DocumentViewer
      key={document}
      place={{ document, page: sida, start: fran, end: till, quote: "" }}
      where={{ page: sida, view }}
      onWhere={(where) => void navigate({ search: moved(search, where, where.view !== view), replace: true })}
      back={<Back />}
    />
  );
}

/** On another page nothing is marked; how it is looked at stands in the address once it was chosen. */
function moved({ sida, fran, till, vy }: PlaceSearch, { page, view }: Where, isChosen: boolean): PlaceSearch {
  const place = page === sida ? { sida, fran, till } : { sida: page, fran: 0, till: 0 };
  if (isChosen) return { ...place, vy: view === "text" ? "text" : "bild" };
  return vy === undefined ? place : { ...place, vy };
}

/** To where one came from; whoever came by the address alone, to the documents. */
function Back() {
  const { t } = useTranslation();
  const { history } = useRouter();
  if (useCanGoBack()) {
    return (
      <Button className="text-button" onPress={() => history.back()}>
        <Icon name="back" />
        {t("passage.goBack")}
      </Button>
    );
  }
  return (
    <Link className="text-button" to="/dokument">
      <Icon name="back" />
      {t("passage.toDocuments")}
    </Link>
  );
}
