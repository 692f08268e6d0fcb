/** What every page hangs under, and what each is given. */
import { createRootRouteWithContext } from "@tanstack/react-router";
import type { Api } from "~/api/client";
import type { Area } from "~/i18n/catalogue";
import type { Words } from "~/i18n/words";
import type { IconName } from "~/ui/Icon";
import { Gate } from "./Gate";
import { NotFound } from "./NotFound";

/** What a person must be allowed: judged by the actions that the gateway grants them, never by the name of a role. */
export type Needs = (may: (action: string) => boolean) => boolean;

export type Place = "conversation" | "documents" | "develop" | "audit" | "admin" | "operate";

/** An area's place in the navigation, shown to whoever it is for. */
export type Entry = Readonly<{
  place: Place;
  to: string;
  icon: IconName;
  needs: Needs;
}>;

export type Context = { api: Api; usedAt: () => number; words: Words; entries: readonly Entry[] };

export const root = createRootRouteWithContext<Context>()({ component: Gate, notFoundComponent: NotFound });

/** Brings the words of a page before it is drawn. */
export function wordsOf(words: Area) {
  return ({ context }: { context: Context }) => context.words.need(words);
}

/** What the routes of an area have in common: its words come before it is drawn, and only for whom it is for. */
export function area(place: Place, words: Area, needs: Needs) {
  return {
    getParentRoute: () => root,
    loader: wordsOf(words),
    staticData: { place, needs },
  };
}

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The area in whose navigation entry one is. */
    place?: Place;
    /** Who the page is for; without it, whoever is logged in. */
    needs?: Needs;
    /** Whether it is shown to those who are not logged in, too. */
    isPublic?: boolean;
  }
}
