import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeVectors } from "../clock/version-vector.ts";
import { fromAttributes, toAttributes } from "../items/attributes.ts";
import { anyVector, sku } from "../testing/arbitraries.ts";
import { playProduct } from "../testing/product-schedule.ts";
import { anyProductSteps, scheduledId } from "../testing/product-steps.ts";
import { productId } from "../testing/product-world.ts";
import { foldProduct } from "./fold.ts";
import {
  itemToOffer,
  type Offer,
  type OfferClaim,
  offerClaims,
  offerToItem,
  planOffer,
} from "./offer-item.ts";

const black = sku("LAMP-BLACK");
const ids = ["a", "b", "c", "d"].map(productId);

const anyOffered = fc.option(
  fc.record({
    productTitle: fc.constantFrom("Lamp", "Lampe"),
    variantTitle: fc.constant("Black"),
    prices: fc.nat({ max: 2 }).map((amountMinor) => [{ amountMinor, currency: "EUR" as const }]),
  }),
  { nil: undefined },
);

/** What products say in turn: each product's versions grow, and products come in any order. */
const anyHistory: fc.Arbitrary<readonly OfferClaim[]> = fc
  .array(fc.tuple(fc.constantFrom(...ids), anyVector, anyOffered), { maxLength: 20 })
  .map((steps) => {
    const vectors = new Map(ids.map((id) => [id, {}]));
    return steps.map(([id, more, offered]) => {
      const vector = mergeVectors(vectors.get(id) ?? {}, more);
      vectors.set(id, vector);
      return { productId: id, vector, ...(offered ? { offered } : {}) };
    });
  });

function play(claims: readonly OfferClaim[], offer?: Offer): Offer | undefined {
  return claims.reduce<Offer | undefined>((stored, claim) => {
    const plan = planOffer(black, stored, claim);
    return plan.type === "write" ? plan.offer : stored;
  }, offer);
}

/** What an offer says, without the versions that it is from. */
const says = (offer: Offer | undefined) =>
  offer === undefined
    ? []
    : [offer.holder, ...offer.others].flatMap(({ productId, offered }) =>
        offered === undefined ? [] : [{ productId, offered }],
      );

/** By the last word of each product alone. */
function expected(claims: readonly OfferClaim[]) {
  const last = new Map(claims.map((claim) => [claim.productId, claim.offered]));
  return [...last]
    .flatMap(([productId, offered]) => (offered === undefined ? [] : [{ productId, offered }]))
    .sort((left, right) => (left.productId < right.productId ? -1 : 1));
}

describe("an offer", () => {
  test("is each product's last word, the lowest id's first, in whatever order the products come", () => {
    fc.assert(
      fc.property(anyHistory, fc.infiniteStream(fc.nat()), (history, draws) => {
        expect(says(play(history))).toEqual(expected(history));
        const queues = ids.map((id) => history.filter(({ productId }) => productId === id));
        const reordered: OfferClaim[] = [];
        while (reordered.length < history.length) {
          const waiting = queues.filter((queue) => queue.length > 0);
          const next = waiting[(draws.next().value ?? 0) % waiting.length]?.shift();
          reordered.push(...(next ? [next] : []));
        }
        expect(says(play(reordered))).toEqual(expected(history));
      }),
    );
  });

  test("is never taken back by an older word, and a word that is repeated is not written", () => {
    fc.assert(
      fc.property(
        anyHistory,
        fc.constantFrom(...ids),
        anyVector,
        anyOffered,
        (history, id, vector, offered) => {
          const offer = play(history);
          const claim = { productId: id, vector, ...(offered ? { offered } : {}) };
          const own = offer && [offer.holder, ...offer.others].find(({ productId }) => productId === id);
          const plan = planOffer(black, offer, claim);
          if (plan.type === "write") {
            expect(mergeVectors(vector, own?.vector ?? {})).toEqual(mergeVectors(vector, {}));
            expect(plan.offer.counter).toBe((offer?.counter ?? 0) + 1);
            expect(says(plan.offer)).not.toEqual(says(offer));
            expect(planOffer(black, plan.offer, claim)).toEqual({ type: "leave" });
            const rest = (one: Offer | undefined) => says(one).filter(({ productId }) => productId !== id);
            expect(rest(plan.offer)).toEqual(rest(offer));
          } else if (plan.type === "leave") {
            expect(own?.offered).toEqual(offered);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("reads back from the store as it was written", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const offer = play(history);
        if (offer !== undefined) {
          const image = fromAttributes(toAttributes(offerToItem(offer)));
          expect(image.ok && itemToOffer(image.value)).toEqual({ ok: true, value: offer });
        }
      }),
    );
  });
});

test("every SKU that any older reading of a product offers is one that every later reading speaks of", async () => {
  await fc.assert(
    fc.asyncProperty(anyProductSteps, async (steps) => {
      const { versions } = await playProduct(steps);
      let offered: readonly string[] = [];
      for (const seen of versions.keys()) {
        const edits = versions.slice(0, seen + 1);
        const fold = foldProduct(scheduledId, edits);
        const claims = fold.type === "product" ? offerClaims(fold.view, edits) : new Map();
        expect([...claims.keys()]).toEqual(expect.arrayContaining([...offered]));
        offered = [...offered, ...[...claims].filter(([, { offered }]) => offered).map(([one]) => one)];
      }
    }),
    { numRuns: 50 },
  );
});
