import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVectors, mergeVectors } from "../clock/version-vector.ts";
import type { StoredItem } from "../items/item.ts";
import { anyCartSteps, type CartRun, expectedLines, playCart, readAll } from "../testing/cart-world.ts";
import { type CartReplicas, mergeReplicas, noReplicas, viewCart } from "./cart.ts";
import { cartToItem, itemToCart } from "./cart-item.ts";

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
    { numRuns: 200 },
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

describe("after any schedule of adds, sets, removals, retries elsewhere and partial replication", () => {
  test("nothing acknowledged is lost or counted twice, whatever order the items arrive in", async () => {
    await fc.assert(
      fc.asyncProperty(anyCartSteps, fc.infiniteStream(fc.nat()), async (steps, order) => {
        const run = await playCart(steps);
        const shuffled = run.versions
          .map((item) => ({ item, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item);
        const arrived = shuffled.reduce((held, item) => mergeReplicas(held, readAll([item])), noReplicas);
        expect(viewCart(arrived).lines).toEqual(expectedLines(run));
      }),
      { numRuns: 1_000 },
    );
  });

  test("every stored item reads back as what was written", async () => {
    await fc.assert(
      fc.asyncProperty(anyCartSteps, async (steps) => {
        for (const item of (await playCart(steps)).versions) {
          const cart = itemToCart(item);
          expect(cart.ok && cartToItem(cart.value)).toEqual({ ...item, g: 0 });
        }
      }),
      { numRuns: 100 },
    );
  });
});
