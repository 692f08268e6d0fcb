/** What went wrong, in the shape that RFC 9457 gives it. */
import { isRecord, number, text } from "./decode";

export type Problem = Readonly<{
  slug: string;
  title: string;
  status: number;
  detail: string | null;
  requestId: string | null;
}>;

/** A problem in the shape of an error, for whoever must throw. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.slug);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** The gateway was never reached, or the line broke. */
export const unreachable: Problem = { slug: "unreachable", title: "", status: 0, detail: null, requestId: null };

/** The stream carried something that the contract does not know. */
export const garbled: Problem = { slug: "garbled", title: "", status: 0, detail: null, requestId: null };

/** Reads a problem out of any answer; a proxy's HTML page becomes a problem of its status alone. */
export function readProblem(body: unknown, status: number): Problem {
  const fields = isRecord(body) ? body : {};
  return {
    slug: text(fields["slug"]) ?? "unexpected",
    title: text(fields["title"]) ?? "",
    status: number(fields["status"]) ?? status,
    detail: text(fields["detail"]),
    requestId: text(fields["request_id"]),
  };
}

/** What to show for anything that was thrown. */
export function problemOf(thrown: unknown): Problem {
  return thrown instanceof ProblemError ? thrown.problem : unreachable;
}
