/** The one way to the gateway: same origin, session cookie, CSRF header on whatever is not a read. */
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./schema.gen";
import { ProblemError, readProblem, unreachable } from "./problem";

export type Api = Client<paths>;

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/** What a request says about its sender, asked anew each time: a login brings another token, a press another language. */
export type Sender = Readonly<{
  csrf: () => string | null;
  language: () => string;
  /** Told of every answer: whether the gateway knew who asked. */
  heard: (isKnown: boolean, path: string) => void;
}>;

export function buildApi(sender: Sender, fetch: typeof globalThis.fetch, origin: string): Api {
  const api = createClient<paths>({ baseUrl: origin, credentials: "same-origin", fetch });
  api.use({
    onRequest({ request }) {
      const token = sender.csrf();
      request.headers.set("Accept-Language", sender.language());
      if (request.method !== "GET" && token !== null) request.headers.set("X-Valv-CSRF", token);
      return request;
    },
    onResponse({ response, schemaPath }) {
      sender.heard(response.status !== 401, schemaPath);
    },
  });
  return api;
}

/** The body of a good answer; throws ProblemError for every other one. */
export async function settle<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const answer = await reached(asked);
  if (answer.data === undefined) throw new ProblemError(readProblem(answer.error, answer.response.status));
  return answer.data;
}

/** Waits for an answer that has no body; throws ProblemError for every other than a good one. */
export async function carryOut(asked: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await reached(asked);
  if (!response.ok) throw new ProblemError(readProblem(error, response.status));
}

function reached<Data>(asked: Promise<Answer<Data>>): Promise<Answer<Data>> {
  return asked.catch((fault: unknown) => {
    throw isAbort(fault) ? fault : new ProblemError(unreachable);
  });
}

export function isAbort(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === "AbortError";
}
