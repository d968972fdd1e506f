import fc from "fast-check";
import { categorySlugs } from "../catalog/categories.ts";
import { type FieldName, priceField } from "../catalog/fields.ts";
import type { Product } from "../catalog/product.ts";
import type { ProductEdits, Register } from "../catalog/product-edits.ts";
import { incrementVector } from "../clock/version-vector.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import type { ItemValue } from "../items/item.ts";
import { currencyCodes } from "../money/money.ts";
import { anyStamp, origins, sku } from "./arbitraries.ts";

export function productId(text: string): ProductId {
  if (!isProductId(text)) {
    throw new Error(`the test's own product id is malformed: ${text}`);
  }
  return text;
}

const skus = ["LAMP-BLACK", "LAMP-WHITE"].map(sku);

const anyPrices = fc
  .uniqueArray(fc.constantFrom(...currencyCodes), { maxLength: 3 })
  .chain((codes) =>
    fc
      .array(fc.nat({ max: 1_000_000 }), { minLength: codes.length, maxLength: codes.length })
      .map((amounts) =>
        [...codes]
          .sort((a, b) => currencyCodes.indexOf(a) - currencyCodes.indexOf(b))
          .map((currency, index) => ({ amountMinor: amounts[index] ?? 0, currency })),
      ),
  );

export const anyProduct: fc.Arbitrary<Product> = fc.record({
  id: fc.constant(productId("desk-lamp-042")),
  category: fc.constantFrom(...categorySlugs),
  title: fc.string(),
  description: fc.string(),
  media: fc.array(fc.record({ url: fc.webUrl(), alt: fc.string() }), { maxLength: 2 }),
  variants: fc
    .uniqueArray(fc.constantFrom(...skus), { maxLength: 2 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((one) => fc.record({ sku: fc.constant(one), title: fc.string(), prices: anyPrices })),
      ),
    ),
});

const anyEdit: fc.Arbitrary<readonly [FieldName, ItemValue]> = fc.oneof(
  fc.tuple(fc.constantFrom<FieldName>("title", "description"), fc.string()),
  fc.tuple(fc.constant<FieldName>("category"), fc.constantFrom(...categorySlugs)),
  fc.tuple(fc.constant<FieldName>(priceField(sku("LAMP-BLACK"), "EUR")), fc.nat()),
);

/** Every state of every origin's item after some edits, in the order of writing. Stamps are as wrong as clocks are. */
export const anyEditHistory: fc.Arbitrary<readonly ProductEdits[]> = fc
  .array(fc.tuple(fc.nat({ max: origins.length - 1 }), anyEdit, anyStamp), { minLength: 1, maxLength: 20 })
  .map((edits) => {
    const items = new Map<number, ProductEdits>();
    return edits.map(([at, [field, value], drawn]) => {
      const origin = origins[at] ?? drawn.origin;
      const before = items.get(at);
      const counter = (before?.counter ?? 0) + 1;
      const register: Register = {
        value,
        stamp: { ...drawn, origin, counter },
        clock: incrementVector({ [origin]: counter - 1 }, origin),
      };
      const item: ProductEdits = {
        productId: productId("desk-lamp-042"),
        origin,
        counter,
        registers: new Map([...(before?.registers ?? []), [field, register]]),
        touchedAtMs: drawn.ms,
      };
      items.set(at, item);
      return item;
    });
  });
