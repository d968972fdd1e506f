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

interface Offered {
  readonly line: CartLine;
  readonly offer?: Offer;
}

/** A line with what is offered for it, if anything is. */
async function readOffer({ items }: CheckoutDeps, line: CartLine): Promise<Result<Offered, Problem>> {
  const item = await items.get("Views", offerKey(line.sku));
  if (!item.ok) {
    return err(storageProblem(item.error));
  }
  if (item.value === undefined) {
    return ok({ line });
  }
  const offer = itemToOffer(item.value);
  return offer.ok ? ok({ line, offer: offer.value }) : err(notUnderstoodProblem(offer.error));
}

function priceLine({ line, offer }: Offered, currency: Currency): OrderLine | undefined {
  const { sku, quantity } = line;
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

/** The lines at this region's prices; refused when something of them is not for sale. */
async function pricedLines(
  deps: CheckoutDeps,
  lines: readonly CartLine[],
  currency: Currency,
): Promise<Result<readonly OrderLine[], Problem>> {
  const priced: OrderLine[] = [];
  const notSold: Sku[] = [];
  for (const offered of await Promise.all(lines.map((line) => readOffer(deps, line)))) {
    if (!offered.ok) {
      return offered;
    }
    const line = priceLine(offered.value, currency);
    if (line === undefined) {
      notSold.push(offered.value.line.sku);
    } else {
      priced.push(line);
    }
  }
  return notSold.length === 0
    ? ok(priced)
    : err({
        name: "sku-not-sold",
        detail: `Remove these from the cart; they are not for sale in ${currency}.`,
        members: { skus: notSold },
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
  const priced = await pricedLines(deps, lines, currency);
  if (!priced.ok) {
    return priced;
  }
  const changes = changesOf(seen, priced.value);
  if (changes.length > 0) {
    return err({
      name: "prices-changed",
      detail: "Show the present prices, then check out again.",
      members: { changes },
    });
  }
  const amountMinor = priced.value.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0);
  return amountMinor === 0 || isChargeable({ amountMinor, currency })
    ? priced
    : err({
        name: "amount-not-chargeable",
        detail: "It is less, or more, than a card can be charged.",
        members: { totalMinor: amountMinor },
      });
}
