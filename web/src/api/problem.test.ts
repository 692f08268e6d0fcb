import { expect, test } from "vitest";
import { problemKey } from "~/ui/problemKey";
import { loginAddress } from "./session";
import { ProblemError, garbled, problemOf, readProblem, unreachable } from "./problem";

test("a problem document is read by its fields", () => {
  const body = { slug: "audit_unavailable", title: "T", status: 503, instance: "/x", request_id: "r-9" };
  expect(readProblem(body, 500)).toEqual({
    slug: "audit_unavailable",
    title: "T",
    status: 503,
    detail: null,
    requestId: "r-9",
  });
});

test("a page that is no problem document becomes a problem of its status", () => {
  expect(readProblem("<html>Bad gateway</html>", 502)).toMatchObject({ slug: "unexpected", status: 502, title: "" });
});

test("whatever else is thrown means that the gateway was not reached", () => {
  expect(problemOf(new TypeError("fetch failed"))).toBe(unreachable);
  expect(problemOf(new ProblemError(garbled))).toBe(garbled);
});

test("our words follow the slug first, then the status", () => {
  expect(problemKey({ slug: "audit_unavailable", status: 503 })).toBe("audit_unavailable");
  expect(problemKey({ slug: "limit_reached", status: 429 })).toBe("s429");
  expect(problemKey({ slug: "toString", status: 418 })).toBe("other");
});

test("a login names where to return to and which organisation", () => {
  expect(loginAddress("/?a=1&b=2", "region")).toBe("/auth/login?return_to=%2F%3Fa%3D1%26b%3D2&organisation=region");
});
