import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CachedObject, createObjectCache } from "./object-cache.ts";

const object = (bytes: number, target = "/"): CachedObject => ({
  status: 200,
  headers: {},
  body: Buffer.alloc(bytes),
  validators: {},
  cameAtMs: 0,
  initialAgeSeconds: 0,
  lifetime: { freshMs: 1, whileRevalidatingMs: 0, ifErrorMs: 0 },
  target,
});

const bytesMax = 40_000;
const keys = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
const step = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key: keys, bytes: fc.integer({ min: 0, max: 4_500 }) }),
  fc.record({ type: fc.constant("get" as const), key: keys }),
  fc.record({ type: fc.constant("delete" as const), key: keys }),
);

describe("a cache of objects", () => {
  it("never holds more than its bytes, and lets go of what was used longest ago", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const cache = createObjectCache({ bytesMax });
        let order: string[] = []; // as it ought to be, longest ago first
        for (const one of steps) {
          if (one.type === "put") {
            cache.put(one.key, object(one.bytes));
            order = [...order.filter((key) => key !== one.key), one.key];
          } else if (one.type === "get") {
            const found = cache.get(one.key);
            if (found) order = [...order.filter((key) => key !== one.key), one.key];
          } else {
            cache.delete(one.key);
            order = order.filter((key) => key !== one.key);
          }
          expect(cache.bytes()).toBeLessThanOrEqual(bytesMax);
          expect(cache.bytes() === 0).toBe(cache.size() === 0);
          if (one.type !== "put") continue;
          // Whoever is missing now was used longer ago than whoever is not.
          const held = new Set(order.slice(order.length - cache.size()));
          order = order.filter((key) => held.has(key));
        }
        const left = order.filter((key) => cache.get(key) !== undefined);
        expect(left).toHaveLength(cache.size());
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it("does not empty itself for one that is large", () => {
    const cache = createObjectCache({ bytesMax });
    cache.put("small", object(10));
    cache.put("large", object(bytesMax / 8));
    expect([cache.get("small") !== undefined, cache.get("large")]).toEqual([true, undefined]);
  });

  it.each<[string, string[]]>([
    ["/v1/products", ["/v1/products?limit=2", "/v1/products/1"]],
    ["/v1/products*", []],
    ["/v1/products/*", ["/v1/products", "/v1/products?limit=2"]],
    ["/v1/products?limit=2", ["/v1/products", "/v1/products/1"]],
  ])("forgets what %s names", (path, left) => {
    const cache = createObjectCache({ bytesMax });
    const all = ["/v1/products", "/v1/products?limit=2", "/v1/products/1"];
    for (const target of all) cache.put(target, object(1, target));
    cache.invalidate(path);
    expect(all.filter((target) => cache.get(target) !== undefined)).toEqual(left);
  });
});
