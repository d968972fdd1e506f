import { describe, expect, it } from "vitest";
import { isWithin, parentOf, parseDnsName, printedName, reversedLabels } from "./dns-name.ts";
import { dnsName } from "./testing/record-sets.ts";

describe("a domain name", () => {
  it.each([
    ["API.Shop.Test", "api.shop.test."],
    ["api.shop.test.", "api.shop.test."],
    ["*.shop.test", "*.shop.test."],
    ["\\052.shop.test", "*.shop.test."],
    ["_acme.shop.test", "_acme.shop.test."],
  ])("%s is %s", (text, name) => {
    expect(parseDnsName(text)).toEqual({ ok: true, value: name });
  });

  it.each(["", ".", "a..b", "a.*.b", "-a.b", "a b", "ü.test", `${"a".repeat(64)}.b`, `${"a.".repeat(128)}b`])(
    "%j is none",
    (text) => {
      expect(parseDnsName(text)).toMatchObject({ ok: false, error: { expected: "a domain name" } });
    },
  );

  it("lies within itself and what it ends with, label by label", () => {
    expect(isWithin(dnsName("a.shop.test"), dnsName("shop.test"))).toBe(true);
    expect(isWithin(dnsName("shop.test"), dnsName("shop.test"))).toBe(true);
    expect(isWithin(dnsName("workshop.test"), dnsName("shop.test"))).toBe(false);
  });

  it("has parents up to the last label", () => {
    expect(parentOf(dnsName("a.b"))).toBe("b.");
    expect(parentOf(dnsName("b"))).toBeUndefined();
  });

  it("is printed and sorted as Route 53 does", () => {
    expect(printedName(dnsName("*.shop.test"))).toBe("\\052.shop.test.");
    expect(reversedLabels(dnsName("api.shop.test"))).toBe("test.shop.api.");
  });
});
