import fc from "fast-check";
import { categorySlugs } from "../catalog/categories.ts";
import type { Product } from "../catalog/product.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import { currencyCodes } from "../money/money.ts";
import { sku } from "./arbitraries.ts";

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
