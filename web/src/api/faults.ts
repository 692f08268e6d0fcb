/** A page that broke, told to the gateway without a word of anybody's. */
import { type Api, settle } from "./client";

export type Fault = Readonly<{ route: string; build: string; error: string }>;

/** The number under which the officer finds it. */
export async function reportFault(api: Api, fault: Fault): Promise<string> {
  return (await settle(api.POST("/api/faults", { body: fault }))).id;
}
