/** The message of a conversation that an address asks to see: ?m=3f2a… */
import { text } from "~/api/decode";

export type MessageSearch = Readonly<{ m?: string }>;

/** Whatever is no message's id asks for none. */
export function readMessage(search: Record<string, unknown>): MessageSearch {
  const message = text(search["m"]);
  return message !== null && /^[0-9a-f]{24}$/u.test(message) ? { m: message } : {};
}
