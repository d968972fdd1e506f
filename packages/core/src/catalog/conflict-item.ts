import { stampToText } from "../clock/stamp.ts";
import { isOrigin } from "../ids/origin.ts";
import { isProductId, type ProductId } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemList,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import { err, ok, type Result } from "../result/result.ts";
import { conflictId, type FieldConflict, type Sibling } from "./conflicts.ts";
import { type FieldName, isFieldName } from "./fields.ts";
import { readRegister, registerToValue } from "./product-edits.ts";

/** A conflict as a region's feed holds it. */
export interface FedConflict {
  readonly productId: ProductId;
  readonly conflict: FieldConflict;
  /** When this region first saw it, in ms since 1970. */
  readonly seenAtMs: number;
}

/** All product conflicts of a region: operators page through them, newest first. */
export const conflictPartition = "CONFLICT#product";

/** Operators look back over a month; what still stands after it is shown on the product itself. */
export const conflictKeptSeconds = 30 * 24 * 60 * 60;

function siblingToValue(sibling: Sibling): ItemValue {
  return { ...registerToValue(sibling), origin: sibling.origin };
}

/** Field, siblings and the served one's origin: an origin has one sibling at most. */
export function conflictToValue({ field, siblings, served }: FieldConflict) {
  return { field, siblings: siblings.map(siblingToValue), served: served.origin };
}

function readSibling(field: FieldName, value: ItemValue): Sibling | undefined {
  const register = readRegister(field, value);
  const origin = isItemMap(value) ? value["origin"] : undefined;
  return register !== undefined && typeof origin === "string" && isOrigin(origin)
    ? { ...register, origin }
    : undefined;
}

/** Reads what `conflictToValue` writes, with or without more members beside it. */
export function readConflict(value: ItemValue): FieldConflict | undefined {
  if (!isItemMap(value)) {
    return undefined;
  }
  const { field, siblings: values, served: servedBy } = value;
  if (typeof field !== "string" || !isFieldName(field) || !isItemList(values)) {
    return undefined;
  }
  const siblings: Sibling[] = [];
  for (const member of values) {
    const sibling = readSibling(field, member);
    if (sibling === undefined) {
      return undefined;
    }
    siblings.push(sibling);
  }
  const served = siblings.find(({ origin }) => origin === servedBy);
  return served === undefined || siblings.length < 2
    ? undefined
    : { id: conflictId(field, siblings), field, siblings, served };
}

/** The same key in every region that has the same siblings, so that a region writes it once however often it sees it. */
export function conflictKey(productId: ProductId, conflict: FieldConflict): ItemKey {
  const [newest] = conflict.siblings;
  if (newest === undefined) {
    throw new Error(`a conflict without siblings: ${conflict.id}`);
  }
  return { pk: conflictPartition, sk: `${stampToText(newest.stamp)}#${productId}#${conflict.id}` };
}

/** A conflict for the region's feed. */
export function conflictToItem(productId: ProductId, conflict: FieldConflict, seenAtMs: number): StoredItem {
  return {
    ...conflictKey(productId, conflict),
    product: productId,
    ...conflictToValue(conflict),
    seenAt: seenAtMs,
    expiresAt: Math.ceil(seenAtMs / 1000) + conflictKeptSeconds,
  };
}

/** Reads what `conflictToItem` writes. */
export function itemToConflict(item: StoredItem): Result<FedConflict, ItemNotUnderstood> {
  const product = item["product"];
  const seenAtMs = item["seenAt"];
  if (item.pk !== conflictPartition) {
    return err(notUnderstood(item, "pk", "not the feed of product conflicts"));
  }
  if (typeof product !== "string" || !isProductId(product)) {
    return err(notUnderstood(item, "product", "not a product's id"));
  }
  if (!isCounter(seenAtMs)) {
    return err(notUnderstood(item, "seenAt", "not a time in ms"));
  }
  const conflict = readConflict(item);
  if (conflict === undefined) {
    return err(notUnderstood(item, "siblings", "not a conflict"));
  }
  return conflictKey(product, conflict).sk === item.sk
    ? ok({ productId: product, conflict, seenAtMs })
    : err(notUnderstood(item, "sk", "not the key of its content"));
}
