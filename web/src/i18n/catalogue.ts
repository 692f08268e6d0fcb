/** What the catalogues hold, by area: one import and one line for each. */
import type about from "./sv/about.json";
import type admin from "./sv/admin.json";
import type audit from "./sv/audit.json";
import type conversation from "./sv/conversation.json";
import type develop from "./sv/develop.json";
import type documents from "./sv/documents.json";
import type operate from "./sv/operate.json";
import type settings from "./sv/settings.json";
import type shell from "./sv/shell.json";

export type Areas = {
  about: typeof about;
  admin: typeof admin;
  audit: typeof audit;
  conversation: typeof conversation;
  develop: typeof develop;
  documents: typeof documents;
  operate: typeof operate;
  settings: typeof settings;
  shell: typeof shell;
};

export type Area = keyof Areas;

type Together<Union> = (Union extends unknown ? (part: Union) => void : never) extends (whole: infer Whole) => void
  ? Whole
  : never;

/** All areas' words as one tree: no two areas have a first word in common. */
export type Catalogue = Together<Areas[Area]>;

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: Catalogue };
  }
}
