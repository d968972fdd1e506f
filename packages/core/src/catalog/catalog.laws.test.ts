import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromAttributes, toAttributes } from "../items/attributes.ts";
import { anyOrigin, anyStamp } from "../testing/arbitraries.ts";
import { playProduct } from "../testing/product-schedule.ts";
import { anyProductSteps, scheduledId } from "../testing/product-steps.ts";
import { anyProduct } from "../testing/product-world.ts";
import { conflictToItem, itemToConflict } from "./conflict-item.ts";
import { foldProduct } from "./fold.ts";
import { productToItems } from "./import.ts";
import { editsToItem, itemToEdits } from "./product-edits.ts";
import { itemToView, viewToItem } from "./view-item.ts";

/** Through the form in which DynamoDB keeps and streams items. */
function throughDynamo(item: Parameters<typeof toAttributes>[0]) {
  const image = fromAttributes(toAttributes(item));
  if (!image.ok) {
    throw new Error(JSON.stringify(image.error));
  }
  return image.value;
}

describe("stored items read back as what was written", () => {
  test("edits, views and conflicts, after any schedule", async () => {
    await fc.assert(
      fc.asyncProperty(anyProductSteps, fc.nat(), async (steps, seenAtMs) => {
        const { versions } = await playProduct(steps);
        for (const edits of versions) {
          expect(itemToEdits(throughDynamo(editsToItem(edits)))).toEqual({ ok: true, value: edits });
        }
        const fold = foldProduct(scheduledId, versions);
        const view = fold.type === "product" ? fold.view : undefined;
        expect(view && itemToView(throughDynamo(viewToItem(view)))).toEqual({ ok: true, value: view });
        for (const conflict of view?.conflicts ?? []) {
          const item = throughDynamo(conflictToItem(scheduledId, conflict, seenAtMs));
          expect(itemToConflict(item)).toEqual({
            ok: true,
            value: { productId: scheduledId, conflict, seenAtMs },
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  test("an imported product: the view is what the dispatcher would build from the edits", () => {
    fc.assert(
      fc.property(anyProduct, anyOrigin, anyStamp, (product, origin, stamp) => {
        const items = productToItems(product, origin, stamp);
        const edits = itemToEdits(items.catalog);
        if (!edits.ok) {
          throw new Error(JSON.stringify(edits.error));
        }
        const fold = foldProduct(product.id, [edits.value]);
        const view = fold.type === "product" ? fold.view : undefined;
        expect(view?.product).toEqual(product);
        expect(view && viewToItem(view)).toEqual(items.view);
        expect(itemToView(items.view)).toEqual({ ok: true, value: view });
      }),
    );
  });
});
