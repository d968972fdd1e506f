import { amountMinorMax, titleCharsMax } from "../catalog/limits.ts";
import { type Stamp, stampToText, textToStamp } from "../clock/stamp.ts";
import { textToVector, vectorToText } from "../clock/vector-text.ts";
import type { VersionVector } from "../clock/version-vector.ts";
import { isShopperId } from "../ids/cart-id.ts";
import { type OrderId, orderShopper } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import { isProductId, isSku, type ProductId, type Sku } from "../ids/product-ids.ts";
import { isOperationId, type OperationId } from "../ids/ulid.ts";
import { type ItemKey, type ItemNotUnderstood, isStringSet, type StoredItem } from "../items/item.ts";
import { type Currency, currencyCodes } from "../money/money.ts";
import type { Result } from "../result/result.ts";
import {
  type AttributeReader,
  countForm,
  type Form,
  idForm,
  listForm,
  mapForm,
  readItem,
  textForm,
  timeForm,
  wordForm,
} from "./item-reader.ts";
import {
  orderLinesMax,
  orderLineUnitsMax,
  orderOperationsMax,
  paymentTextCharsMax,
  requestDigestCharsMax,
} from "./limits.ts";

/** What was ordered of one SKU, as it was shown when it was ordered: later edits of the product change nothing. */
export interface OrderLine {
  readonly sku: Sku;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly product: ProductId;
  readonly title: string;
}

/** How many regions know of a placement before its shopper is told. */
export const durabilities = ["one-region", "two-regions"] as const;
/** What one checkout asks for, or reached. */
export type Durability = (typeof durabilities)[number];

/** One region's checkout of a cart's generation. It is written once. */
export interface Placement {
  readonly orderId: OrderId;
  /** Who placed it, and what names the placement. */
  readonly origin: Origin;
  readonly operationId: OperationId;
  /** Equal for equal requests: the same operation id with another digest is a client's mistake. */
  readonly requestDigest: string;
  readonly currency: Currency;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  /** What the placing region had seen of the cart. */
  readonly cartVector: VersionVector;
  /** The cart operations that the checkout took. */
  readonly operations: ReadonlySet<OperationId>;
  /** The token of the payment method; none where there is nothing to pay. */
  readonly method?: string;
  /** As asked for; what was reached is in the log. */
  readonly durability: Durability;
  readonly placedAtMs: number;
  readonly holdEndsAtMs: number;
  /** Of the log's first entry, which this item therefore stands for. */
  readonly stamp: Stamp;
}

/** Where everything of one order is. */
export function orderPartition(id: OrderId): string {
  return `ORDER#${id}`;
}

/** One region's placement of an order. */
function placedKey(id: OrderId, origin: Origin): ItemKey {
  return { pk: orderPartition(id), sk: `PLACED#${origin}` };
}

/** Thirteen digits of ms, so that texts sort as times do until the year 2286. */
export function sortableMs(ms: number): string {
  return String(ms).padStart(13, "0");
}

/** Of the index of a shopper's orders: newest last, and unique. */
function listedAtText(id: OrderId, placedAtMs: number): string {
  return `${sortableMs(placedAtMs)}#${id}`;
}

const lineForm: Form<OrderLine> = mapForm((reader) => ({
  sku: reader.one("sku", "a SKU", idForm(isSku)),
  quantity: reader.one("quantity", "a quantity", countForm(1, orderLineUnitsMax)),
  unitMinor: reader.one("unitMinor", "an amount", countForm(0, amountMinorMax)),
  product: reader.one("product", "a product's id", idForm(isProductId)),
  title: reader.one("title", "a title", textForm(titleCharsMax)),
}));

/** Lines of different SKUs. */
const linesForm: Form<readonly OrderLine[]> = (value) => {
  const lines = listForm(lineForm, orderLinesMax)(value);
  return lines !== undefined && new Set(lines.map(({ sku }) => sku)).size === lines.length
    ? lines
    : undefined;
};

const operationsForm: Form<ReadonlySet<OperationId>> = (value) => {
  if (!isStringSet(value) || value.size === 0 || value.size > orderOperationsMax) {
    return undefined;
  }
  const ids = [...value].filter(isOperationId);
  return ids.length === value.size ? new Set(ids) : undefined;
};

/** A stamp as its text. */
export const stampForm: Form<Stamp> = (value) => {
  const stamp = typeof value === "string" ? textToStamp(value) : undefined;
  return stamp?.ok === true ? stamp.value : undefined;
};

const vectorForm: Form<VersionVector> = (value) => {
  const vector = typeof value === "string" ? textToVector(value) : undefined;
  return vector?.ok === true ? vector.value : undefined;
};

/** Reads what `placementAttributes` writes: the content that a witness has of a placement, too. */
export function readPlacement(reader: AttributeReader, orderId: OrderId, origin: Origin): Placement {
  const placedAtMs = reader.one("placedAt", "a time in ms", timeForm);
  const shopper = orderShopper(orderId);
  reader.one("shopper", "the order's shopper", (value) =>
    typeof value === "string" && isShopperId(value) && value === shopper ? value : undefined,
  );
  reader.one(
    "listedAt",
    "the order's place in its shopper's list",
    wordForm([listedAtText(orderId, placedAtMs)]),
  );
  const method = reader.optional("method", "a payment method", textForm(paymentTextCharsMax));
  return {
    orderId,
    origin,
    operationId: reader.one("operationId", "an operation id", idForm(isOperationId)),
    requestDigest: reader.one("requestDigest", "a request's digest", textForm(requestDigestCharsMax)),
    currency: reader.one("currency", "a currency", wordForm(currencyCodes)),
    lines: reader.one("lines", "lines of an order", linesForm),
    totalMinor: reader.one("totalMinor", "an amount", countForm(0)),
    cartVector: reader.one("cartVector", "a version vector", vectorForm),
    operations: reader.one("operations", "a set of operation ids", operationsForm),
    ...(method === undefined ? {} : { method }),
    durability: reader.one("durability", "a durability", wordForm(durabilities)),
    placedAtMs,
    holdEndsAtMs: reader.one("holdEndsAt", "a time in ms", timeForm),
    stamp: reader.one("stamp", "a stamp", stampForm),
  };
}

/** All that an item says of a placement, except when it was written. */
export function placementAttributes(placement: Placement) {
  return {
    operationId: placement.operationId,
    requestDigest: placement.requestDigest,
    currency: placement.currency,
    lines: placement.lines.map((line) => ({ ...line })),
    totalMinor: placement.totalMinor,
    cartVector: vectorToText(placement.cartVector),
    operations: placement.operations,
    ...(placement.method === undefined ? {} : { method: placement.method }),
    durability: placement.durability,
    placedAt: placement.placedAtMs,
    holdEndsAt: placement.holdEndsAtMs,
    stamp: stampToText(placement.stamp),
    shopper: orderShopper(placement.orderId),
    listedAt: listedAtText(placement.orderId, placement.placedAtMs),
  };
}

/** Reads a placement: it is written once, in the placing transaction. */
export function itemToPlacement(item: StoredItem): Result<Placement, ItemNotUnderstood> {
  return readItem(item, "PLACED", (reader, { orderId, origin }) => {
    reader.one("v", "1, since it is written once", countForm(1, 1));
    reader.one("touchedAt", "a time in ms", timeForm);
    return readPlacement(reader, orderId, origin);
  });
}

/** Writes what `itemToPlacement` reads. It is written when it is placed. */
export function placementToItem(placement: Placement): StoredItem {
  return {
    ...placedKey(placement.orderId, placement.origin),
    v: 1,
    ...placementAttributes(placement),
    touchedAt: placement.placedAtMs,
  };
}
