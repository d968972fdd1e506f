import { err, ok, type Result } from "../result/result.ts";
import { type Brand, type MalformedText, malformed } from "./brand.ts";

/** Lower-case words and digits joined by single hyphens, at most 64 characters. */
export type ProductId = Brand<"ProductId">;

/** One variant of a product that can be sold: upper-case words and digits joined by hyphens, at most 40 characters. */
export type Sku = Brand<"Sku">;

const productIdPattern = /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** No `|`, which separates the parts of a cart operation, and no `#`, which separates those of a key. */
const skuPattern = /^(?=.{1,40}$)[A-Z0-9]+(?:-[A-Z0-9]+)*$/;

export function isProductId(text: string): text is ProductId {
  return productIdPattern.test(text);
}

export function parseProductId(text: string): Result<ProductId, MalformedText> {
  return isProductId(text) ? ok(text) : err(malformed("a product id such as desk-lamp-042", text));
}

export function isSku(text: string): text is Sku {
  return skuPattern.test(text);
}

export function parseSku(text: string): Result<Sku, MalformedText> {
  return isSku(text) ? ok(text) : err(malformed("a SKU such as DESK-LAMP-042-BLACK", text));
}
