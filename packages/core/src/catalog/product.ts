import type { ProductId, Sku } from "../ids/product-ids.ts";
import type { Money } from "../money/money.ts";
import type { Category } from "./categories.ts";

export interface Media {
  /** Absolute, or a path on the shop's own domain. */
  readonly url: string;
  readonly alt: string;
}

/** One form of a product that can be bought. */
export interface Variant {
  readonly sku: Sku;
  readonly title: string;
  /** At most one of each currency, by currency code. */
  readonly prices: readonly Money[];
}

export interface Product {
  readonly id: ProductId;
  readonly category: Category;
  readonly title: string;
  readonly description: string;
  readonly media: readonly Media[];
  readonly variants: readonly Variant[];
}
