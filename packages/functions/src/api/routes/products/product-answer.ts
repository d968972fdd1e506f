import {
  type FieldConflict,
  type ItemValue,
  type ProductView,
  parsePriceField,
  stampToText,
  vectorEntries,
  vectorToEtag,
} from "@antipode/core";
import type { Answer } from "../../exchange.ts";

/** A conflict as the API shows it. A price's field is `price`, and what it is the price of stands beside it. */
export function conflictToBody({ id, field, siblings, served }: FieldConflict) {
  const price = parsePriceField(field);
  return {
    id,
    ...(price === undefined ? { field } : { field: "price", sku: price.sku, currency: price.currency }),
    values: siblings.map(({ value, origin, stamp, clock, operationId }) => ({
      value: value satisfies ItemValue,
      origin,
      stamp: stampToText(stamp),
      clock: Object.fromEntries(vectorEntries(clock)),
      at: new Date(stamp.ms).toISOString(),
      operationId,
      served: origin === served.origin,
    })),
  };
}

export function viewToBody({ product, conflicts }: ProductView) {
  return { ...product, conflicts: conflicts.map(conflictToBody) };
}

/** What an edit made of the product: for its editor, and for no cache. */
export function editAnswer(
  status: 200 | 201,
  view: ProductView,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    body: viewToBody(view),
    headers: { ...headers, "Cache-Control": "private, no-store", ETag: vectorToEtag(view.vector) },
  };
}
