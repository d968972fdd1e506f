import fc from "fast-check";
import type { FieldEdit } from "../catalog/edit.ts";
import { priceField } from "../catalog/fields.ts";
import { origins, sku } from "./arbitraries.ts";
import { productId } from "./product-world.ts";

export const scheduledId = productId("desk-lamp-042");
export const black = sku("LAMP-BLACK");
export const scheduledPrice = priceField(black, "EUR");

const skewMaxMs = 3 * 60 * 60 * 1000; // hours, where real clocks differ by ms

/** What happens to a product. Operations are few, so that schedules are full of retries in other regions. */
export type ProductStep =
  | {
      readonly type: "edit";
      readonly at: number;
      readonly operation: number;
      /** Reads this region's own item too, as a covered read does; most numbers are no region's. */
      readonly alsoFrom: number;
      /** Plans first from what the region held before its last edit, as the loser of a race within the region does. */
      readonly stale: boolean;
      /** How wrong the clock is when it is read: it may jump back between two edits. */
      readonly skewMs: number;
    }
  /** Brings `from`'s item of some writes ago, unless `to` has a newer one. */
  | { readonly type: "deliver"; readonly from: number; readonly to: number; readonly behind: number }
  /** The first region's replica is lost and comes back as a new incarnation. */
  | { readonly type: "reborn" };

const anyRegion = fc.nat({ max: origins.length - 1 });
const operationsCount = 32;

const anyStep: fc.Arbitrary<ProductStep> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant("edit" as const),
      at: anyRegion,
      operation: fc.nat({ max: operationsCount - 1 }),
      alsoFrom: fc.nat({ max: 7 * origins.length }),
      stale: fc.nat({ max: 3 }).map((draw) => draw === 3),
      skewMs: fc.oneof(fc.constant(0), fc.integer({ min: -skewMaxMs, max: skewMaxMs })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("deliver" as const),
      from: anyRegion,
      to: anyRegion,
      behind: fc.nat({ max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "reborn" as const }) },
);

export const anyProductSteps: fc.Arbitrary<readonly ProductStep[]> = fc.array(anyStep, {
  minLength: 1,
  maxLength: 40,
  size: "max",
});

/** The content of an operation: the same wherever a client sends it. Several give a field the same value. */
export function changesOf(operation: number): readonly FieldEdit[] {
  const title = { field: "title", value: `Lamp ${operation % 5}` } as const;
  const price = { field: scheduledPrice, value: 100 * (operation % 5) } as const;
  const others = [
    [{ field: "description", value: `Shines ${operation % 3}` } as const],
    [{ field: "category", value: operation < 16 ? "office" : "home" } as const, title],
    [{ field: "media", value: [{ url: `/${operation % 3}`, alt: "" }] } as const, price],
    [{ field: "variants", value: [{ sku: black, title: `Black ${operation % 3}` }] } as const],
  ];
  return [[title], [price], [title, price], others[(operation >> 2) % 4] ?? []][operation % 4] ?? [];
}
