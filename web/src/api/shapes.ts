/** What the gateway answers, read off its published contract by path, whatever the schemas are called. */
import type { paths } from "./schema.gen";

type Ok<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : never;

export type Me = Ok<paths["/api/me"]["get"]>;
export type Model = Ok<paths["/api/models"]["get"]>["items"][number];
export type Collection = Ok<paths["/api/collections"]["get"]>["items"][number];
export type DocumentItem = Ok<paths["/api/documents/{document}"]["get"]>;
export type DocumentLayout = Ok<paths["/api/documents/{document}/pages/{page}/layout"]["get"]>;
export type DocumentPage = Ok<paths["/api/documents/{document}/pages/{page}"]["get"]>;
export type Banner = NonNullable<Me["banner"]>;
export type Member = Ok<paths["/api/members"]["get"]>["items"][number];
export type Retention = Ok<paths["/api/retention"]["get"]>;
export type Installation = Ok<paths["/api/installation"]["get"]>;
export type LedgerHealth = Ok<paths["/api/installation/ledger"]["get"]>;
export type Tree = Ok<paths["/api/conversations/{conversation}"]["get"]>;
export type Message = Tree["messages"][number];
export type Conversation = Ok<paths["/api/conversations"]["get"]>["items"][number];
export type Hit = Ok<paths["/api/conversations/search"]["post"]>["items"][number];
export type Mode = Tree["mode"];
