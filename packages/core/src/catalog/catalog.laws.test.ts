import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareStamps } from "../clock/stamp.ts";
import { compareVectors } from "../clock/version-vector.ts";
import { fromAttributes, toAttributes } from "../items/attributes.ts";
import { anyOrigin, anyStamp, origin, sku } from "../testing/arbitraries.ts";
import { anyEditHistory, anyProduct, productId } from "../testing/product-world.ts";
import { priceField } from "./fields.ts";
import { type Fold, foldProduct } from "./fold.ts";
import { productToItems } from "./import.ts";
import { editsToItem, itemToEdits, type ProductEdits, type Register } from "./product-edits.ts";
import { itemToView, viewToItem } from "./view-item.ts";

const id = productId("desk-lamp-042");
const ground: ProductEdits = (() => {
  const read = itemToEdits(
    productToItems(
      {
        id,
        category: "home",
        title: "",
        description: "",
        media: [],
        variants: [{ sku: sku("LAMP-BLACK"), title: "Black", prices: [] }],
      },
      // Another origin than those of the histories, and older than all of them.
      origin("sa-east-1#1"),
      { ms: 0, counter: 0, origin: origin("sa-east-1#1") },
    ).catalog,
  );
  if (!read.ok) {
    throw new Error(JSON.stringify(read.error));
  }
  return read.value;
})();

function folded(edits: readonly ProductEdits[]) {
  const fold: Fold = foldProduct(id, edits);
  if (fold.type !== "product") {
    throw new Error(`incomplete: ${fold.missing.join()}`);
  }
  return fold.view;
}

describe("folding a product's edits", () => {
  test("does not depend on order, repeats or old versions that arrive late", () => {
    fc.assert(
      fc.property(anyEditHistory, fc.infiniteStream(fc.nat()), (history, order) => {
        const shuffled = [ground, ...history, ...history]
          .map((edit) => ({ edit, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ edit }) => edit);
        expect(folded(shuffled)).toEqual(folded([ground, ...history]));
      }),
    );
  });

  test("serves of each field the newest stamp of what each origin last said, and nothing else", () => {
    fc.assert(
      fc.property(anyEditHistory, (history) => {
        const last = new Map(history.map((edit) => [edit.origin, edit]));
        const newest = (field: Parameters<ProductEdits["registers"]["get"]>[0]): Register | undefined =>
          [ground, ...last.values()]
            .map((edit) => edit.registers.get(field))
            .filter((register) => register !== undefined)
            .sort((a, b) => compareStamps(b.stamp, a.stamp))[0];
        const { product } = folded([ground, ...history]);
        expect(product.title).toBe(newest("title")?.value);
        expect(product.description).toBe(newest("description")?.value);
        expect(product.category).toBe(newest("category")?.value);
        const price = newest(priceField(sku("LAMP-BLACK"), "EUR"))?.value;
        expect(product.variants[0]?.prices[0]?.amountMinor).toBe(price);
      }),
    );
  });

  test("never goes back: a part of the edits has a vector that the whole covers", () => {
    fc.assert(
      fc.property(anyEditHistory, fc.nat(), (history, cut) => {
        const part = folded([ground, ...history.slice(0, cut % (history.length + 1))]);
        expect(["equal", "before"]).toContain(
          compareVectors(part.vector, folded([ground, ...history]).vector),
        );
      }),
    );
  });

  test("says what is missing while the first edit has not arrived", () => {
    expect(foldProduct(id, [{ ...ground, registers: new Map([...ground.registers].slice(0, 2)) }])).toEqual({
      type: "incomplete",
      missing: ["category", "media", "variants"],
    });
    expect(foldProduct(id, [])).toMatchObject({ type: "incomplete" });
  });
});

describe("stored items", () => {
  test("of edits read back through DynamoDB's form", () => {
    fc.assert(
      fc.property(anyEditHistory, (history) => {
        for (const edits of history) {
          const image = fromAttributes(toAttributes(editsToItem(edits)));
          expect(image.ok && itemToEdits(image.value)).toEqual({ ok: true, value: edits });
        }
      }),
    );
  });

  test("of an imported product: the view is what the dispatcher would build from the edits", () => {
    fc.assert(
      fc.property(anyProduct, anyOrigin, anyStamp, (product, origin, stamp) => {
        const items = productToItems(product, origin, stamp);
        const edits = itemToEdits(items.catalog);
        if (!edits.ok) {
          throw new Error(JSON.stringify(edits.error));
        }
        const view = folded([edits.value]);
        expect(view.product).toEqual(product);
        expect(viewToItem(view)).toEqual(items.view);
        expect(itemToView(items.view)).toEqual({ ok: true, value: view });
      }),
    );
  });
});
