import {
  compareVectors,
  covers,
  foldProduct,
  itemToOffer,
  itemToView,
  type Offer,
  type OfferClaim,
  type OfferedVariant,
  offerKey,
  type Product,
  type ProductId,
  productPartition,
  type Sku,
  type VersionVector,
  viewKey,
} from "@antipode/core";
import type { FakeItems } from "@antipode/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editsOf } from "../../testing/catalog.ts";
import { createOfferPlay } from "../../testing/offer-schedule.ts";
import { anyOfferSteps, offerProducts, offerSkus } from "../../testing/offer-steps.ts";

function read<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) {
    throw new Error(JSON.stringify(result.error));
  }
  return result.value;
}

const stored = (region: FakeItems, pk: string) => region.dump("Views").find((item) => item.pk === pk);

function offerOf(region: FakeItems, sku: Sku): Offer | undefined {
  const item = stored(region, offerKey(sku).pk);
  return item && read(itemToOffer(item));
}

function viewOf(region: FakeItems, id: ProductId) {
  const item = stored(region, viewKey(id).pk);
  return item && read(itemToView(item));
}

const claimsOf = (offer: Offer | undefined): readonly OfferClaim[] =>
  offer === undefined ? [] : [offer.holder, ...offer.others];

/** What a product says of a SKU, by the product alone. */
function offeredBy({ title, variants }: Product, sku: Sku): OfferedVariant | undefined {
  const variant = variants.find((one) => one.sku === sku);
  return variant === undefined || variant.prices.length === 0
    ? undefined
    : { productTitle: title, variantTitle: variant.title, prices: variant.prices };
}

/** Who offers the SKU by the replica's items alone, the lowest id first. */
function offeredIn(region: FakeItems, sku: Sku) {
  return offerProducts.flatMap((id) => {
    const partition = region.dump("Catalog").filter(({ pk }) => pk === productPartition(id));
    const fold = foldProduct(id, editsOf(partition));
    const offered = fold.type === "product" ? offeredBy(fold.view.product, sku) : undefined;
    return offered === undefined ? [] : [{ productId: id, offered }];
  });
}

function expectConverged(region: FakeItems): void {
  for (const sku of offerSkus) {
    const offer = offerOf(region, sku);
    const expected = offeredIn(region, sku);
    const [winner] = expected;
    const offering = claimsOf(offer).flatMap(({ productId, offered }) =>
      offered === undefined ? [] : [{ productId, offered }],
    );
    expect(offering).toEqual(expected);
    expect(offer?.holder.offered).toEqual(winner?.offered);
    expect(winner === undefined || offer?.holder.productId === winner.productId).toBe(true);
  }
}

/** Keeps what it has seen of a region, and looks whether anything has gone back or apart. */
function createWatch() {
  const vectors = new Map<string, VersionVector>();
  return (region: FakeItems): void => {
    for (const id of offerProducts) {
      const view = viewOf(region, id);
      const before = vectors.get(`${region.origin} ${id}`);
      if (before !== undefined) {
        expect(["equal", "after"]).toContain(view && compareVectors(view.vector, before));
      }
      if (view !== undefined) {
        vectors.set(`${region.origin} ${id}`, view.vector);
      }
      for (const sku of offerSkus) {
        const claim = claimsOf(offerOf(region, sku)).find(({ productId }) => productId === id);
        expect(claim?.offered).toEqual(view && offeredBy(view.product, sku));
        expect(claim === undefined || (view !== undefined && covers(view.vector, claim.vector))).toBe(true);
      }
    }
  };
}

const anyFirst = fc.nat({ max: offerProducts.length - 1 });

describe("whatever order edits, rebuilds, redeliveries and crashes come in", () => {
  test("offers say at every moment what the region's views say, and neither goes back", async () => {
    await fc.assert(
      fc.asyncProperty(anyOfferSteps, async (steps) => {
        const { play } = createOfferPlay({ watch: createWatch() });
        await play(steps);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  test.each([
    ["in one transaction", undefined],
    ["in several", 2],
  ])(
    "offers written %s converge to the fold in every region",
    async (_how, writesMax) => {
      await fc.assert(
        fc.asyncProperty(anyOfferSteps, anyFirst, async (steps, first) => {
          const { play, settle, regions } = createOfferPlay(writesMax === undefined ? {} : { writesMax });
          await play(steps);
          await settle(first);
          regions.forEach(expectConverged);
          const written = regions.map((region) => region.dump("Views"));
          expect(new Set(await settle(first))).toEqual(new Set(["up-to-date"]));
          expect(regions.map((region) => region.dump("Views"))).toEqual(written);
        }),
        { numRuns: 200 },
      );
    },
    60_000,
  );
});
