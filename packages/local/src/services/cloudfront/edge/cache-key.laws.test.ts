import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CachePolicy } from "../policies.ts";
import { acceptedEncodings, cacheKeyOf, type KeyedRequest, keptQuery } from "./cache-key.ts";

const policy: CachePolicy = {
  id: "p",
  name: "Catalog",
  comment: "",
  minTtlSeconds: 0,
  defaultTtlSeconds: 0,
  maxTtlSeconds: 60,
  acceptsGzip: true,
  acceptsBrotli: true,
  headers: ["prefer", "origin"],
  queryStrings: { behavior: "all" },
};
const text = fc.constantFrom("", "a", "b", '"', ",", "a,b", '","', "null", "[]");
const request: fc.Arbitrary<KeyedRequest> = fc.record({
  method: fc.constantFrom("GET", "HEAD"),
  path: text.map((end) => `/${end}`),
  query: text,
  headers: fc
    .record({ prefer: text, origin: text, authorization: text }, { requiredKeys: [] })
    .map((headers) => headers as Record<string, string>),
});
const key = (one: KeyedRequest, id = "E1") => cacheKeyOf(id, one, policy);
const keyedParts = ({ method, path, query, headers }: KeyedRequest) => [
  method,
  path,
  query,
  headers["prefer"],
  headers["origin"],
];

describe("the key of a request", () => {
  it("is another for whatever differs in what the policy names, and the same for what it does not", () => {
    fc.assert(
      fc.property(request, request, (left, right) => {
        const same = JSON.stringify(keyedParts(left)) === JSON.stringify(keyedParts(right));
        const absent = (one: KeyedRequest) => keyedParts(one).map((part) => part === undefined);
        const alike = same && JSON.stringify(absent(left)) === JSON.stringify(absent(right));
        expect(key(left) === key(right)).toBe(alike);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it("is one distribution's", () => {
    const one: KeyedRequest = { method: "GET", path: "/", query: "", headers: {} };
    expect(key(one, "E1")).not.toBe(key(one, "E2"));
  });

  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ["gzip, deflate, br", "br,gzip"],
    ["br;q=1.0, gzip;q=0.8, *;q=0.1", "br,gzip"],
    ["gzip;q=0, br", "br"],
    ["gzip; q=0.0", undefined],
    ["GZIP", "gzip"],
    ["identity", undefined],
    ["brotli, gzippy", undefined],
  ])("takes Accept-Encoding %j for %j", (said, expected) => {
    const headers: Record<string, string> = said === undefined ? {} : { "accept-encoding": said };
    expect(acceptedEncodings(headers, policy)).toBe(expected);
  });

  it("takes no encoding that the policy does not", () => {
    expect(
      acceptedEncodings({ "accept-encoding": "gzip, br" }, { acceptsBrotli: false, acceptsGzip: true }),
    ).toBe("gzip");
  });

  it.each<[CachePolicy["queryStrings"], string]>([
    [{ behavior: "none" }, ""],
    [{ behavior: "all" }, "limit=2&after=x&limit=3&=&b"],
    [{ behavior: "whitelist", names: ["limit", "b"] }, "limit=2&limit=3&b"],
    [{ behavior: "allExcept", names: ["limit"] }, "after=x&=&b"],
  ])("keeps of a query what %j says", (queryStrings, expected) => {
    expect(keptQuery("limit=2&after=x&limit=3&=&b", { queryStrings })).toBe(expected);
  });
});
