import { describe, expect, it } from "vitest";
import { fitsPattern, withoutDotSegments } from "./choose-behavior.ts";

describe("a path pattern", () => {
  it.each<[string, string, boolean]>([
    ["/v1/products", "/v1/products", true],
    ["/v1/products", "/v1/products/", false],
    ["/v1/products", "/v1/products1", false],
    ["/v1/products/*", "/v1/products/1/prices", true],
    ["/v1/products/*", "/v1/products/", true],
    ["/v1/products/*", "/v1/products", false],
    ["v1/*", "/v1/carts", true],
    ["*.jpg", "/a/b.jpg", true],
    ["/a?c", "/abc", true],
    ["/a?c", "/ac", false],
    ["/A", "/a", false],
    ["/a.b", "/aXb", false],
    ["/a(b)+", "/a(b)+", true],
    ["*", "/", true],
  ])("%s fits %s: %s", (pattern, path, expected) => {
    expect(fitsPattern(pattern, path)).toBe(expected);
  });
});

it.each([
  ["/v1/products/../carts", "/v1/carts"],
  ["/v1/products/%2e%2E/carts", "/v1/carts"],
  ["/v1/./products", "/v1/products"],
  ["/v1/products/..", "/v1/"],
  ["/../../v1", "/v1"],
  ["/v1//products", "/v1//products"],
  ["/", "/"],
])("%s is matched as %s", (path, expected) => {
  expect(withoutDotSegments(path)).toBe(expected);
});
