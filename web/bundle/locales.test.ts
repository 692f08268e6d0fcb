import { expect, test } from "vitest";
import { isForeign } from "./locales.ts";

test("only the widgets' words in other languages are left out", () => {
  const words = "/x/node_modules/react-aria/dist/private/intl/dnd";
  expect(isForeign(`${words}/fi-FI.mjs`)).toBe(true);
  expect(isForeign(`${words}/sv-SE.mjs`)).toBe(false);
  expect(isForeign(`${words}/en-US.mjs`)).toBe(false);
  expect(isForeign("/x/src/i18n/fi-FI.mjs")).toBe(false);
});
