import { textToVector, vectorToText } from "../clock/vector-text.ts";
import { compareVectors, type VersionVector } from "../clock/version-vector.ts";
import { isProductId, isSku, type ProductId, type Sku } from "../ids/product-ids.ts";
import {
  type ItemKey,
  type ItemNotUnderstood,
  type ItemValue,
  isCounter,
  isItemMap,
  notUnderstood,
  type StoredItem,
} from "../items/item.ts";
import type { Money } from "../money/money.ts";
import type { Condition } from "../ports/items.ts";
import { err, ok, type Result } from "../result/result.ts";
import { equalValues } from "./content.ts";
import { parsePriceField } from "./fields.ts";
import type { ProductView } from "./fold.ts";
import type { ProductEdits } from "./product-edits.ts";
import { pricesToValue, readPrices } from "./view-item.ts";

/** What a checkout needs to know of a variant. */
export interface OfferedVariant {
  readonly productTitle: string;
  readonly variantTitle: string;
  /** At least one; as served, so of concurrent ones the lowest. */
  readonly prices: readonly Money[];
}

/** What one product says of a SKU. */
export interface OfferClaim {
  readonly productId: ProductId;
  /** The version of the product that it was written from; later ones that say the same leave it. */
  readonly vector: VersionVector;
  /** Absent when the product has had the variant and no longer does: the claim is withdrawn. */
  readonly offered?: OfferedVariant;
}

/** A SKU as a region sells it. */
export interface Offer {
  readonly sku: Sku;
  /** Grows with every write of the item. */
  readonly counter: number;
  /** Whose word counts: of the products that have the variant the lowest id; when none has it, of those that had. */
  readonly holder: OfferClaim;
  /** Other products that name or named the SKU: a mistake, or a variant that has moved. Those that have it come first. */
  readonly others: readonly OfferClaim[];
}

/**
 * Products that an offer remembers. One SKU belongs to one product, so more than two are an import gone wrong; what
 * is left out comes back by that product's next rebuild when there is room. At all limits an item is below 80 KB.
 */
export const offerClaimsMax = 20;

export function offerKey(sku: Sku): ItemKey {
  return { pk: `OFFER#${sku}`, sk: "OFFER" };
}

/** Products that have the variant before those that had it, then by id: the first one holds the offer. */
function compareClaims(left: OfferClaim, right: OfferClaim): number {
  const byRank = Number(left.offered === undefined) - Number(right.offered === undefined);
  return byRank !== 0 ? byRank : left.productId < right.productId ? -1 : 1;
}

/** SKUs that were ever priced. Prices stay in the items, so no version of the product has offered any other. */
function pricedSkus(edits: Iterable<ProductEdits>): ReadonlySet<Sku> {
  const skus = new Set<Sku>();
  for (const { registers } of edits) {
    for (const field of registers.keys()) {
      const price = parsePriceField(field);
      if (price !== undefined) {
        skus.add(price.sku);
      }
    }
  }
  return skus;
}

/**
 * What a product says of each SKU that it offers or may have offered; `edits` is what the view was merged from. A
 * variant without any price has no offer, which is why the prices say which SKUs to look at: also those of a version
 * whose rebuild was cut short and that nothing else remembers.
 */
export function offerClaims(
  { product, vector }: ProductView,
  edits: Iterable<ProductEdits>,
): ReadonlyMap<Sku, OfferClaim> {
  const claims = new Map<Sku, OfferClaim>();
  for (const sku of pricedSkus(edits)) {
    const variant = product.variants.find((candidate) => candidate.sku === sku);
    const offered = variant && {
      productTitle: product.title,
      variantTitle: variant.title,
      prices: variant.prices,
    };
    claims.set(sku, { productId: product.id, vector, ...(offered ? { offered } : {}) });
  }
  return claims;
}

function offeredToValues({ offered }: OfferClaim): { readonly [name: string]: ItemValue } {
  return offered === undefined
    ? { withdrawn: true }
    : { title: offered.productTitle, variant: offered.variantTitle, prices: pricesToValue(offered.prices) };
}

function claimToValues(claim: OfferClaim): { readonly [name: string]: ItemValue } {
  return { version: vectorToText(claim.vector), ...offeredToValues(claim) };
}

/** An offer as the regional table keeps it. */
export function offerToItem({ sku, counter, holder, others }: Offer): StoredItem {
  return {
    ...offerKey(sku),
    v: counter,
    product: holder.productId,
    ...claimToValues(holder),
    ...(others.length === 0
      ? {}
      : { others: Object.fromEntries(others.map((claim) => [claim.productId, claimToValues(claim)])) }),
  };
}

/** Reads what `claimToValues` writes and nothing beside it; a text is the member at fault. */
function readClaim(
  productId: ProductId,
  { version, withdrawn, ...variant }: { readonly [name: string]: ItemValue },
): OfferClaim | string {
  const vector = typeof version === "string" ? textToVector(version) : undefined;
  const { title, variant: variantTitle, prices: priceMap, ...unknown } = variant;
  const [stranger] = Object.keys(withdrawn === undefined ? unknown : variant);
  if (vector?.ok !== true) {
    return "version";
  }
  if (stranger !== undefined) {
    return stranger;
  }
  if (withdrawn !== undefined) {
    return withdrawn === true ? { productId, vector: vector.value } : "withdrawn";
  }
  const prices = readPrices(priceMap);
  if (typeof title !== "string" || typeof variantTitle !== "string") {
    return typeof title === "string" ? "variant" : "title";
  }
  return prices === undefined || prices.length === 0
    ? "prices"
    : { productId, vector: vector.value, offered: { productTitle: title, variantTitle, prices } };
}

function readOthers(value: ItemValue | undefined): readonly OfferClaim[] | undefined {
  if (value === undefined) {
    return [];
  }
  const claims: OfferClaim[] = [];
  for (const [productId, members] of isItemMap(value) ? Object.entries(value) : [["", null] as const]) {
    const claim = isProductId(productId) && isItemMap(members) ? readClaim(productId, members) : "others";
    if (typeof claim === "string") {
      return undefined;
    }
    claims.push(claim);
  }
  return claims.sort(compareClaims);
}

/** Reads what `offerToItem` writes. An attribute that this code does not know is a failure: it may be about the price. */
export function itemToOffer(item: StoredItem): Result<Offer, ItemNotUnderstood> {
  const { pk, sk, v, product, others: otherMap, ...members } = item;
  const sku = pk.startsWith("OFFER#") ? pk.slice(6) : "";
  if (!isSku(sku) || sk !== "OFFER") {
    return err(notUnderstood(item, "pk", "not an offer's key"));
  }
  if (!isCounter(v) || v === 0) {
    return err(notUnderstood(item, "v", "an item that was written has a counter"));
  }
  if (typeof product !== "string" || !isProductId(product)) {
    return err(notUnderstood(item, "product", "not a product's id"));
  }
  const holder = readClaim(product, members);
  if (typeof holder === "string") {
    return err(notUnderstood(item, holder, "missing, or not an offer's"));
  }
  const others = readOthers(otherMap);
  return others === undefined || others.some((other) => compareClaims(other, holder) < 0)
    ? err(notUnderstood(item, "others", "not other products' claims"))
    : ok({ sku, counter: v, holder, others });
}

/** Holds while nobody has written the item since it was read, also when it is none that can be read. */
export function offerUnchanged(item: StoredItem | undefined): Condition {
  const value = item?.["v"];
  if (typeof value === "string" || typeof value === "number") {
    return { type: "equals", attribute: "v", value };
  }
  return { type: value === undefined ? "absent" : "present", attribute: "v" };
}

export type OfferPlan =
  | { readonly type: "write"; readonly offer: Offer }
  /** It says so already, or says nothing of a product that has nothing to say. */
  | { readonly type: "leave" }
  /** The stored one knows a version that the claim has not seen: the claim is of an older reading. */
  | { readonly type: "behind" };

/**
 * The offer with a product's claim in it. Of one product the later version counts, so older rebuilds change nothing;
 * each product's claim is kept by itself, so the order in which products come changes nothing either.
 */
export function planOffer(sku: Sku, stored: Offer | undefined, claim: OfferClaim): OfferPlan {
  const claims = stored === undefined ? [] : [stored.holder, ...stored.others];
  const own = claims.find(({ productId }) => productId === claim.productId);
  const says = own === undefined ? { withdrawn: true } : offeredToValues(own);
  if (equalValues(says, offeredToValues(claim))) {
    return { type: "leave" };
  }
  const order = own === undefined ? "after" : compareVectors(claim.vector, own.vector);
  if (order === "before" || order === "concurrent") {
    return { type: "behind" };
  }
  const next = [...claims.filter((other) => other !== own), claim].sort(compareClaims);
  const [holder = claim, ...others] = next.slice(0, offerClaimsMax);
  return holder === claim || others.includes(claim)
    ? { type: "write", offer: { sku, counter: (stored?.counter ?? 0) + 1, holder, others } }
    : { type: "leave" };
}

/** The products that have the variant beside this one. */
export function offerRivals(offer: Offer, id: ProductId): readonly ProductId[] {
  return [offer.holder, ...offer.others]
    .filter(({ productId, offered }) => offered !== undefined && productId !== id)
    .map(({ productId }) => productId);
}
