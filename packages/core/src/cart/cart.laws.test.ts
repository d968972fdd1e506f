import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { compareVectors, covers, mergeVectors } from "../clock/version-vector.ts";
import type { StoredItem } from "../items/item.ts";
import { anyCartSteps, type CartRun, playCart, readAll } from "../testing/cart-world.ts";
import { type CartReplicas, cancelledIds, mergeReplicas, noReplicas, viewCart } from "./cart.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

/** A random choice of what a region may hold: any versions of any items, in any order, repeats included. */
const anyPart = (run: CartRun) =>
  fc
    .array(fc.constantFrom<StoredItem | undefined>(undefined, ...run.versions), { maxLength: 12 })
    .map((items) => readAll(items.filter((item) => item !== undefined)));

const state = (replicas: CartReplicas) => [...replicas].sort(([a], [b]) => (a < b ? -1 : 1));

async function withParts(
  check: (parts: readonly [CartReplicas, CartReplicas, CartReplicas], run: CartRun) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyCartSteps, fc.integer(), async (steps, seed) => {
      const run = await playCart(steps);
      const part = anyPart(run);
      fc.assert(
        fc.property(part, part, part, (a, b, c) => {
          check([a, b, c], run);
        }),
        { seed, numRuns: 5 },
      );
    }),
    { numRuns: 100 },
  );
}

describe("merging what regions hold of a cart", () => {
  test("is idempotent, commutative and associative, and starts from nothing", async () => {
    await withParts(([a, b, c]) => {
      expect(state(mergeReplicas(a, a))).toEqual(state(a));
      expect(state(mergeReplicas(a, noReplicas))).toEqual(state(a));
      expect(state(mergeReplicas(a, b))).toEqual(state(mergeReplicas(b, a)));
      expect(state(mergeReplicas(mergeReplicas(a, b), c))).toEqual(
        state(mergeReplicas(a, mergeReplicas(b, c))),
      );
    });
  });

  test("is monotone: it covers both sides, brings back nothing cancelled, and reverts no generation", async () => {
    await withParts(([a, b]) => {
      const merged = mergeReplicas(a, b);
      expect(covers(viewCart(merged).vector, viewCart(a).vector)).toBe(true);
      expect([...cancelledIds(a)].filter((id) => !cancelledIds(merged).has(id))).toEqual([]);
      expect(viewCart(merged).generation).toBeGreaterThanOrEqual(viewCart(a).generation);
    });
  });

  test("has the merged vector, and equal vectors mean equal carts", async () => {
    await withParts(([a, b]) => {
      const merged = viewCart(mergeReplicas(a, b)).vector;
      expect(compareVectors(merged, mergeVectors(viewCart(a).vector, viewCart(b).vector))).toBe("equal");
      if (compareVectors(viewCart(a).vector, viewCart(b).vector) === "equal") {
        expect(viewCart(a)).toEqual(viewCart(b));
      }
    });
  });
});

/** More by hand: `CART_SCHEDULES=50000 npx vitest run packages/core/src/cart/cart.laws.test.ts`. */
const schedules = Number(process.env["CART_SCHEDULES"] ?? 2_000);

describe("any schedule of adds, sets, removals, merges, checkouts, retries elsewhere, lost answers and a lost region", () => {
  test("keeps every acknowledged operation live, cancelled by one who had seen it, or ordered once", async () => {
    const seen = { schedules: 0, orders: 0, second: 0 };
    await fc.assert(
      fc.asyncProperty(anyCartSteps, async (steps) => {
        const run = await playCart(steps);
        expect(run.faults).toEqual([]);
        seen.schedules += 1;
        seen.orders += run.orders.length;
        seen.second += run.orders.length > 1 ? 1 : 0;
      }),
      { numRuns: schedules },
    );
    // schedules that never order anything would prove nothing about orders; some 500 do, and 30 twice, of 2,000
    expect(seen.orders).toBeGreaterThan(seen.schedules / 10);
    expect(seen.second).toBeGreaterThan(seen.schedules / 400);
  });
});
