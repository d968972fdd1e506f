import {
  type CartLine,
  type Currency,
  err,
  itemToOffer,
  type Offer,
  type OrderLine,
  offerKey,
  ok,
  type Result,
  type Sku,
} from "@antipode/core";
import { notUnderstoodProblem, type Problem, storageProblem } from "../api/problems.ts";
import { isChargeable } from "../payments/least-charge.ts";
import type { SeenLine } from "./ask.ts";
import type { CheckoutDeps } from "./deps.ts";

/** Told when the cart is not what the shopper saw: what it holds now. */
function changedProblem(lines: readonly CartLine[]): Problem {
  return {
    name: "cart-changed",
    detail: "The cart holds other lines than you sent. Show them, then check out again.",
    members: { lines },
  };
}

/** Whether the shopper saw these lines. Prices are looked at afterwards. */
function sawLines(seen: readonly SeenLine[], lines: readonly CartLine[]): boolean {
  const quantityBySku = new Map(seen.map(({ sku, quantity }) => [sku, quantity]));
  return (
    seen.length === lines.length && lines.every(({ sku, quantity }) => quantityBySku.get(sku) === quantity)
  );
}

async function readOffer({ items }: CheckoutDeps, sku: Sku): Promise<Result<Offer | undefined, Problem>> {
  const item = await items.get("Views", offerKey(sku));
  if (!item.ok) {
    return err(storageProblem(item.error));
  }
  if (item.value === undefined) {
    return ok(undefined);
  }
  const offer = itemToOffer(item.value);
  return offer.ok ? offer : err(notUnderstoodProblem(offer.error));
}

function priceLine(
  { sku, quantity }: CartLine,
  offer: Offer | undefined,
  currency: Currency,
): OrderLine | undefined {
  const offered = offer?.holder.offered;
  const price = offered?.prices.find((candidate) => candidate.currency === currency);
  return offer === undefined || offered === undefined || price === undefined
    ? undefined
    : {
        sku,
        quantity,
        unitMinor: price.amountMinor,
        product: offer.holder.productId,
        title: offered.productTitle,
      };
}

interface PriceChange {
  readonly sku: Sku;
  readonly seenMinor: number;
  readonly presentMinor: number;
}

function changesOf(seen: readonly SeenLine[], lines: readonly OrderLine[]): readonly PriceChange[] {
  const minorBySku = new Map(seen.map(({ sku, unitMinor }) => [sku, unitMinor]));
  return lines.flatMap(({ sku, unitMinor }) => {
    const seenMinor = minorBySku.get(sku) ?? unitMinor;
    return seenMinor === unitMinor ? [] : [{ sku, seenMinor, presentMinor: unitMinor }];
  });
}

/**
 * The order's lines at this region's prices: of concurrent ones the lowest, as products are served. Refused when the shopper
 * saw anything else: nothing is charged that nobody agreed to.
 */
export async function priceLines(
  deps: CheckoutDeps,
  lines: readonly CartLine[],
  { lines: seen, currency }: { readonly lines: readonly SeenLine[]; readonly currency: Currency },
): Promise<Result<readonly OrderLine[], Problem>> {
  if (!sawLines(seen, lines)) {
    return err(changedProblem(lines));
  }
  const offers = await Promise.all(lines.map(({ sku }) => readOffer(deps, sku)));
  const priced: OrderLine[] = [];
  const notSold: Sku[] = [];
  for (const [index, line] of lines.entries()) {
    const offer = offers[index];
    if (offer?.ok !== true) {
      return offer ?? err({ name: "internal", detail: "The failure is logged." });
    }
    const pricedLine = priceLine(line, offer.value, currency);
    if (pricedLine === undefined) {
      notSold.push(line.sku);
    } else {
      priced.push(pricedLine);
    }
  }
  if (notSold.length > 0) {
    return err({
      name: "sku-not-sold",
      detail: `Remove these from the cart; they are not for sale in ${currency}.`,
      members: { skus: notSold },
    });
  }
  const changes = changesOf(seen, priced);
  if (changes.length > 0) {
    return err({
      name: "prices-changed",
      detail: "Show the present prices, then check out again.",
      members: { changes },
    });
  }
  const amountMinor = priced.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0);
  return amountMinor === 0 || isChargeable({ amountMinor, currency })
    ? ok(priced)
    : err({
        name: "amount-not-chargeable",
        detail: "It is less, or more, than a card can be charged.",
        members: { totalMinor: amountMinor },
      });
}
