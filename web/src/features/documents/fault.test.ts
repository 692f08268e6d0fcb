import { expect, test } from "vitest";
import { readProblem } from "~/api/problem";
import { faultOf, faultOfRefusal, mayPass } from "./fault";

function refused(status: number, slug: string, reason: string | null = null) {
  return faultOfRefusal({ problem: readProblem({ slug }, status), reason });
}

test("the file's own fault comes first, then the slug, then the status", () => {
  expect(refused(422, "not_readable", "encrypted")).toBe("encrypted");
  expect(refused(400, "bad_name")).toBe("bad_name");
  expect(refused(413, "body_too_large")).toBe("too_large");
  expect(refused(429, "limit_reached")).toBe("busy");
  expect(refused(503, "audit_unavailable")).toBe("record");
  expect(refused(0, "unreachable")).toBe("unreachable");
});

test("what is not known is something else, never nothing", () => {
  expect(refused(500, "internal")).toBe("other");
  expect(faultOf("toString")).toBe("other");
  expect(refused(500, "toString")).toBe("other");
  expect(faultOf(null)).toBe("other");
});

test("a file that is locked or damaged is not tried again as it is", () => {
  expect(mayPass("encrypted")).toBe(false);
  expect(mayPass("parser_failed")).toBe(false);
  expect(mayPass("unreachable")).toBe(true);
});
