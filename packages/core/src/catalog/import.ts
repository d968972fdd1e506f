import type { Stamp } from "../clock/stamp.ts";
import type { Origin } from "../ids/origin.ts";
import type { ProductId } from "../ids/product-ids.ts";
import { isOperationId, type OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import { presentRules } from "../strategy/strategies.ts";
import { textDigest } from "./content.ts";
import { changesDigest, productToChanges } from "./edit.ts";
import { offerClaims, offerToItem } from "./offer-item.ts";
import type { Product } from "./product.ts";
import { editsToItem, type ProductEdits } from "./product-edits.ts";
import { viewToItem } from "./view-item.ts";

/** The items of a product that is loaded rather than edited. */
export interface ProductItems {
  /** For the Catalog table of every region. */
  readonly catalog: StoredItem;
  /** For each region's Views table, which a table import fills without any stream record. */
  readonly view: StoredItem;
  /** One for each variant that has a price, for the same tables. */
  readonly offers: readonly StoredItem[];
}

const base32Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function toBase32(value: number, chars: number): string {
  let text = "";
  for (let rest = value; text.length < chars; rest = Math.floor(rest / 32)) {
    text = base32Digits.charAt(rest % 32) + text;
  }
  return text;
}

/** The id under which an import counts as an operation: the time and a digest of the product's id. */
function importOperationId(id: ProductId, stamp: Stamp): OperationId {
  const text = `${id} ${stamp.origin}`;
  const operationId =
    toBase32(stamp.ms, 10) + toBase32(textDigest(text, 1), 8) + toBase32(textDigest(text, 2), 8);
  if (!isOperationId(operationId)) {
    throw new Error(`not an operation id: ${operationId}`);
  }
  return operationId;
}

/** A new product as its origin's first edit. The same arguments give the same items. */
export function productToItems(product: Product, origin: Origin, stamp: Stamp): ProductItems {
  const counter = 1;
  const vector = { [origin]: counter };
  const operationId = importOperationId(product.id, stamp);
  const changes = productToChanges(product);
  const view = { product, vector, conflicts: [] };
  const edits: ProductEdits = {
    productId: product.id,
    origin,
    counter,
    registers: new Map(
      changes.map(({ field, value }) => [field, { value, stamp, clock: vector, operationId }]),
    ),
    taken: new Map([[operationId, changesDigest(changes)]]),
    rules: presentRules,
    touchedAtMs: stamp.ms,
  };
  const offers = [...offerClaims(view, [edits])].map(([sku, holder]) =>
    offerToItem({ sku, counter: 1, holder, others: [] }),
  );
  return { catalog: editsToItem(edits), view: viewToItem(view), offers };
}
