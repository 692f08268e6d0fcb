import { expect, test } from "vitest";
import { readAddress } from "./address";

test("web and mail addresses can be opened, and show where they lead", () => {
  expect(readAddress("https://user@evil.example/a?b=c")).toMatchObject({ host: "evil.example", long: false });
  expect(readAddress("mailto:a@b.example")).toMatchObject({ host: "a@b.example" });
});

test("no other address can", () => {
  for (const href of ["javascript:alert(1)", "data:text/html,x", "/api/me", "//evil.example", "", "vbscript:x"]) {
    expect(readAddress(href)).toBeNull();
  }
});

test("an address long enough to carry text away is flagged", () => {
  expect(readAddress(`https://evil.example/?q=${"x".repeat(200)}`)?.long).toBe(true);
});

test("a host in look-alike letters shows as what it is", () => {
  expect(readAddress("https://kоmmun.se/")?.host).toMatch(/^xn--/u);
});
