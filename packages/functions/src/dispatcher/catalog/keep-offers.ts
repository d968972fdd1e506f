import {
  type Items,
  isCounter,
  itemToOffer,
  type Offer,
  type OfferClaim,
  offerKey,
  offerRivals,
  offerToItem,
  offerUnchanged,
  ok,
  type ProductId,
  planOffer,
  type Result,
  type Sku,
  type StorageError,
  type StoredItem,
  type TransactionWrite,
} from "@antipode/core";
import type { Log } from "../../platform/log.ts";
import type { Measurements } from "../../platform/measurements.ts";

export interface OfferDeps {
  readonly items: Items;
  readonly log: Log;
}

/** A variant whose SKU other products have too. */
export interface DisputedSku {
  readonly sku: Sku;
  readonly holder: ProductId;
  /** The products that have it beside the one that was rebuilt. */
  readonly rivals: readonly ProductId[];
}

export interface PlannedOffers {
  /** One for each offer that says something else than the product does. */
  readonly puts: readonly TransactionWrite[];
  readonly disputed: readonly DisputedSku[];
}

/** Offers read at once: most products have fewer, and a hundred, the most that have one, are four round trips. */
const readsAtOnce = 25;

type Claims = ReadonlyMap<Sku, OfferClaim>;
type Claimed = readonly [sku: Sku, claim: OfferClaim, item: StoredItem | undefined];

async function readOffers(
  { items }: OfferDeps,
  claims: Claims,
): Promise<Result<readonly Claimed[], StorageError>> {
  const read: Claimed[] = [];
  const wanted = [...claims];
  for (let start = 0; start < wanted.length; start += readsAtOnce) {
    const some = wanted.slice(start, start + readsAtOnce);
    const answers = await Promise.all(some.map(([sku]) => items.get("Views", offerKey(sku))));
    for (const [index, [sku, claim]] of some.entries()) {
      const answer = answers[index];
      if (answer !== undefined && !answer.ok) {
        return answer;
      }
      read.push([sku, claim, answer?.value]);
    }
  }
  return ok(read);
}

/** One that cannot be read counts as none: it is derived, and the other products that it named come back as they do. */
function understand({ log }: OfferDeps, item: StoredItem | undefined): Offer | undefined {
  const offer = item === undefined ? undefined : itemToOffer(item);
  if (offer?.ok === false) {
    log.warn("replacing an offer that cannot be read", { key: offer.error.key, cause: offer.error });
  }
  return offer?.ok ? offer.value : undefined;
}

function putOf(offer: Offer, item: StoredItem | undefined): TransactionWrite {
  const written = item?.["v"];
  const counter = isCounter(written) ? written + 1 : 1;
  return {
    type: "put",
    table: "Views",
    item: offerToItem({ ...offer, counter }),
    onlyIf: [offerUnchanged(item)],
  };
}

/** What has to be written so that the offers say what a product does; `behind` when they know a newer version of it. */
export async function planOffers(
  deps: OfferDeps,
  claims: Claims,
): Promise<Result<PlannedOffers | "behind", StorageError>> {
  const read = await readOffers(deps, claims);
  if (!read.ok) {
    return read;
  }
  const puts: TransactionWrite[] = [];
  const disputed: DisputedSku[] = [];
  for (const [sku, claim, item] of read.value) {
    const stored = understand(deps, item);
    const plan = planOffer(sku, stored, claim);
    if (plan.type === "behind") {
      return ok("behind");
    }
    if (plan.type === "write") {
      puts.push(putOf(plan.offer, item));
    }
    const offer = plan.type === "write" ? plan.offer : stored;
    const rivals = offer && claim.offered ? offerRivals(offer, claim.productId) : [];
    if (offer !== undefined && rivals.length > 0) {
      disputed.push({ sku, holder: offer.holder.productId, rivals });
    }
  }
  return ok({ puts, disputed });
}

/** One SKU in two products is an operator's mistake, and every region sells the same one of them meanwhile. */
export function reportDisputed(
  { log, measurements }: { readonly log: Log; readonly measurements: Measurements },
  product: ProductId,
  disputed: readonly DisputedSku[],
): void {
  if (disputed.length > 0) {
    log.error("a SKU belongs to several products", { product, disputed });
    measurements.record("SkusDisputed", [disputed.length]);
  }
}
