import { describe, expect, it } from "vitest";
import { lifetimeOf, type Ttls } from "./lifetime.ts";

const nowMs = Date.UTC(2026, 0, 1);
const catalog: Ttls = { minTtlSeconds: 0, defaultTtlSeconds: 0, maxTtlSeconds: 60, errorCaching: [] };
const withTtls = (minTtlSeconds: number, defaultTtlSeconds: number, maxTtlSeconds: number): Ttls => ({
  ...catalog,
  minTtlSeconds,
  defaultTtlSeconds,
  maxTtlSeconds,
});

function seconds(headers: Record<string, string>, ttls = catalog, status = 200) {
  const lifetime = lifetimeOf({ status, headers }, ttls, nowMs);
  return (
    lifetime && [lifetime.freshMs, lifetime.whileRevalidatingMs, lifetime.ifErrorMs].map((ms) => ms / 1_000)
  );
}

const says = (cacheControl: string, ttls = catalog, status = 200) =>
  seconds({ "cache-control": cacheControl }, ttls, status);

describe("how long an answer is kept", () => {
  it.each<[string, string, Ttls, number[] | undefined]>([
    ["as long as it says", "max-age=5", catalog, [5, 0, 55]],
    ["no longer than the behaviour allows", "max-age=500", catalog, [60, 0, 0]],
    ["as long as it says to shared caches", "max-age=5, s-maxage=30", catalog, [30, 0, 30]],
    [
      "stale as it says, within the greatest time",
      "max-age=5, stale-while-revalidate=30, stale-if-error=300",
      catalog,
      [5, 30, 55],
    ],
    [
      "never stale when it has to be asked about",
      "max-age=5, must-revalidate, stale-while-revalidate=9",
      catalog,
      [5, 0, 0],
    ],
    ["never stale on errors when it says so", "max-age=5, stale-if-error=0", catalog, [5, 0, 0]],
    ["not at all when it is private", "private, max-age=50", catalog, undefined],
    ["not at all when it may not be stored", "max-age=5, no-store", catalog, undefined],
    ["to be asked about each time", "no-cache, max-age=5", catalog, [0, 0, 0]],
    ["at least as long as the behaviour says", "max-age=1", withTtls(10, 10, 60), [10, 0, 50]],
    ["that long even when it is private", "private", withTtls(10, 10, 60), [10, 0, 0]],
    ["by default when it says nothing", "public", withTtls(0, 20, 60), [20, 0, 40]],
    ["at least as long as the least when it says nothing", "", withTtls(30, 20, 60), [30, 0, 30]],
    ["not at all where caching is disabled", "max-age=50", withTtls(0, 0, 0), undefined],
    ["as long as it can be read: not", "max-age=soon", catalog, [0, 0, 60]],
  ])("%s: %s", (_, cacheControl, ttls, expected) => {
    expect(says(cacheControl, ttls)).toEqual(expected);
  });

  it("goes by a date where it says no age, and a date that is none has passed", () => {
    const at = (ms: number) => new Date(nowMs + ms).toUTCString();
    expect(seconds({ expires: at(20_000) })).toEqual([20, 0, 40]);
    expect(seconds({ expires: at(-20_000) })).toEqual([0, 0, 60]);
    expect(seconds({ expires: "0" })).toEqual([0, 0, 60]);
    expect(seconds({ expires: at(20_000), "cache-control": "max-age=3" })).toEqual([3, 0, 57]);
  });

  it("is less by the age that it had when it came", () => {
    expect(seconds({ "cache-control": "max-age=50", age: "20" })).toEqual([30, 0, 10]);
    expect(seconds({ "cache-control": "max-age=5", age: "20" })?.[0]).toBe(0);
  });

  it("keeps nothing that varies by what no key holds, nor statuses that are about one request", () => {
    expect(seconds({ "cache-control": "max-age=5", vary: "*" })).toBeUndefined();
    for (const status of [201, 206, 304]) expect(says("max-age=5", catalog, status)).toBeUndefined();
    for (const status of [301, 302, 308]) expect(says("max-age=5", catalog, status)?.[0]).toBe(5);
  });

  it.each<[number, string, number | undefined]>([
    [404, "", 10],
    [404, "max-age=30", 30],
    [404, "max-age=300", 60],
    [404, "max-age=1", 10],
    [404, "no-store", undefined],
    [410, "private", undefined],
    [503, "no-store", 10],
    [500, "", 10],
    [400, "", undefined],
    [403, "max-age=20", 20],
    [401, "max-age=20", undefined],
    [409, "", undefined],
    [429, "", undefined],
  ])("an error %d that says %j for %d s", (status, cacheControl, expected) => {
    expect(says(cacheControl, catalog, status)?.[0]).toBe(expected);
    expect(says(cacheControl, catalog, status)?.[2] ?? 0).toBe(0);
  });

  it("an error as long as the distribution says, and not at all by 0", () => {
    const own = (minTtlSeconds: number) => ({
      ...catalog,
      errorCaching: [{ errorCode: 503, minTtlSeconds }],
    });
    expect(says("", own(2), 503)?.[0]).toBe(2);
    expect(says("", own(2), 502)?.[0]).toBe(10);
    expect(says("", own(0), 503)).toBeUndefined();
  });
});
