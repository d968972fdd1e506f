import { type FieldEdit, priceField } from "@antipode/core";
import { origins, productId, sku } from "@antipode/core/testing";
import fc from "fast-check";

/** Products that name one another's SKUs, now and then. */
export const offerProducts = ["a-lamp", "b-lamp", "c-lamp"].map(productId);
export const offerSkus = ["BLACK", "GREEN", "WHITE"].map(sku);
/** The regions of a schedule: each with a replica, views and offers of its own. */
export const offerRegions = origins.slice(0, 3);

export interface Edit {
  readonly type: "edit";
  readonly at: number;
  readonly product: number;
  readonly change: FieldEdit;
  /** How wrong the editor's clock is. */
  readonly skewMs: number;
}

/** Brings the product's item of `from` to `to`, as replication does. */
export interface Deliver {
  readonly type: "deliver";
  readonly from: number;
  readonly to: number;
  readonly product: number;
}

/** A stream record that arrives, comes again, or a backfill that passes. */
export interface Rebuild {
  readonly type: "rebuild";
  readonly at: number;
  readonly product: number;
  /** From items that were read before anything in `between` happened. */
  readonly known: boolean;
  readonly force: boolean;
  /** The rebuild ends at this call to the store, before or after the call takes effect; most have fewer calls. */
  readonly crash?: { readonly call: number; readonly after: boolean };
  /** What happens before a call to the store. */
  readonly between?: { readonly call: number; readonly steps: readonly OfferStep[] };
}

export type OfferStep = Edit | Deliver | Rebuild;

const anyRegion = fc.nat({ max: offerRegions.length - 1 });
const anyProduct = fc.nat({ max: offerProducts.length - 1 });

const anyChange: fc.Arbitrary<FieldEdit> = fc.oneof(
  fc.nat({ max: 2 }).map((n) => ({ field: "title", value: `Lamp ${n}` }) as const),
  fc.nat({ max: 2 }).map((n) => ({ field: "description", value: `Shines ${n}` }) as const),
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...offerSkus), fc.constantFrom("EUR", "JPY"), fc.nat({ max: 2 }))
      .map(([one, currency, n]) => ({ field: priceField(one, currency), value: 100 + n }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.subarray(offerSkus), fc.nat({ max: 1 }))
      .map(
        ([some, n]) =>
          ({ field: "variants", value: some.map((one) => ({ sku: one, title: `${one} ${n}` })) }) as const,
      ),
  },
);

const anyEdit: fc.Arbitrary<Edit> = fc.record({
  type: fc.constant("edit"),
  at: anyRegion,
  product: anyProduct,
  change: anyChange,
  skewMs: fc.integer({ min: -600_000, max: 600_000 }),
});

const anyDelivery: fc.Arbitrary<Deliver> = fc.record({
  type: fc.constant("deliver"),
  from: anyRegion,
  to: anyRegion,
  product: anyProduct,
});

/** A rebuild of three SKUs makes eight calls: the view, the items, three offers and the writes. */
const anyCall = fc.nat({ max: 9 });
const crash = fc.option(fc.record({ call: anyCall, after: fc.boolean() }), { nil: undefined });

function anyRebuild(between: fc.Arbitrary<Rebuild["between"]>): fc.Arbitrary<Rebuild> {
  return fc
    .record({
      at: anyRegion,
      product: anyProduct,
      known: fc.boolean(),
      force: fc.nat({ max: 5 }).map((n) => n === 0),
      crash,
      between,
    })
    .map(({ crash, between, ...rest }) => ({
      type: "rebuild",
      ...rest,
      ...(crash ? { crash } : {}),
      ...(between ? { between } : {}),
    }));
}

const noneBetween = anyRebuild(fc.constant(undefined));

/** Those between two calls are of the same region and product for the most part: others do not matter to it. */
const between = fc.option(
  fc.record({
    call: anyCall,
    steps: fc.array(
      fc.oneof(anyEdit, anyDelivery, { weight: 3, arbitrary: noneBetween }) as fc.Arbitrary<OfferStep>,
      { minLength: 1, maxLength: 6 },
    ),
  }),
  { nil: undefined },
);

const anyStep: fc.Arbitrary<OfferStep> = fc.oneof(
  { weight: 4, arbitrary: anyEdit },
  { weight: 2, arbitrary: anyDelivery },
  { weight: 4, arbitrary: anyRebuild(between).map(nearby) },
);

/** Draws what happens between two calls nearer to the rebuild: half of it in its region, half of that of its product. */
function nearby(step: Rebuild): Rebuild {
  const steps = step.between?.steps.map((one, index): OfferStep => {
    const product = index % 3 === 2 ? one.product : step.product;
    return one.type === "deliver" ? { ...one, to: step.at, product } : { ...one, at: step.at, product };
  });
  return step.between && steps ? { ...step, between: { call: step.between.call, steps } } : step;
}

export const anyOfferSteps: fc.Arbitrary<readonly OfferStep[]> = fc.array(anyStep, {
  minLength: 1,
  maxLength: 30,
  size: "max",
});
