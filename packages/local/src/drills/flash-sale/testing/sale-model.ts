import { integerBetween, type Random } from "../../../links/random.ts";
import { createSequence } from "../../attempt.ts";
import type { CheckoutWish, OpenCheckout } from "../../checkout/client.ts";
import { isDecided, isFinal, openIn } from "../../checkout/history.ts";
import type { OrderDefect } from "../../checkout/testing/order-defect.ts";
import { createShopModel } from "../../checkout/testing/shop-model.ts";
import { createStockModel, type StockDefect } from "../../checkout/testing/stock-model.ts";
import { shuffled } from "../../route.ts";
import type { SaleHistory, StockSample } from "../history.ts";

export type SaleDefect = StockDefect | OrderDefect;

const regions = ["us-east-1", "eu-west-1", "ap-south-1"];
const sku = "HOT";
const delivered = 14;
const buyers = 16;
/** Rounds in which buyers ask again and late ones come: a shop that has not answered by then does not. */
const roundsMax = 20;

/** A sale of a few units in a model of a shop, with links and the provider cut and healed from buyer to buyer. */
export async function playSale(random: Random, defect?: SaleDefect): Promise<SaleHistory> {
  const sequence = createSequence();
  const stock = createStockModel(regions, sku, defect);
  const shop = createShopModel({ random, regions, sequence, stock: new Map([[sku, stock]]), defect });
  const checkouts: OpenCheckout[] = [];
  const samples: StockSample[] = [];
  const look = () => {
    for (const region of regions) {
      samples.push({ region, sent: sequence(), at: sequence(), available: stock.available(region) });
    }
  };
  const comes = (name: string, quantity: number, declining: boolean): OpenCheckout => {
    const checkout = shop.openCheckout(wishOf(name, quantity, declining));
    checkouts.push(checkout);
    return checkout;
  };
  const [home = ""] = shuffled(random, regions);
  for (const id of ["a", "b", "a"]) stock.deliver(home, id, delivered / 2);

  for (let number = 1; number <= buyers; number += 1) {
    if (random() < 0.5) shop.breakSome();
    else if (random() < 0.3) shop.heal();
    const checkout = comes(`buyer ${number}`, integerBetween(random, 1, 2), random() < 0.15);
    await goAlong(checkout, random);
    look();
  }
  shop.heal();
  for (const checkout of checkouts) await askUntilTold(checkout);
  shop.finish();
  const isShortEverywhere = await sellOut(comes);
  look();
  return {
    sku,
    delivered,
    checkouts: checkouts.map((checkout) => checkout.record()),
    samples,
    isShortEverywhere,
    orders: shop.orders(),
    cells: stock.views(),
    payments: shop.payments(),
  };
}

const wishOf = (name: string, quantity: number, declining: boolean): CheckoutWish => ({
  cart: { name, id: `cart of ${name}`, session: "" },
  generation: 0,
  lines: [{ sku, quantity, unitMinor: 100 }],
  currency: "EUR",
  paymentMethod: declining ? "bad" : "good",
  declining,
  durability: "one-region",
  token: {},
});

async function goAlong(checkout: OpenCheckout, random: Random): Promise<void> {
  for (const region of shuffled(random, regions)) {
    const isTold = isFinal(await checkout.sendTo(region));
    if (isTold && random() < 0.6) break; // the others send it elsewhere all the same
  }
}

async function askUntilTold(checkout: OpenCheckout): Promise<void> {
  for (let round = 0; round < roundsMax && !isDecided(checkout.record()); round += 1) {
    const { attempts } = checkout.record();
    await checkout.sendTo(openIn(attempts)[0] ?? attempts.at(-1)?.region ?? "");
  }
}

async function sellOut(comes: (name: string, quantity: number, declining: boolean) => OpenCheckout) {
  for (let wave = 1; wave <= roundsMax; wave += 1) {
    let refused = 0;
    for (const region of regions) {
      const told = await comes(`late buyer ${wave} in ${region}`, 1, false).sendTo(region);
      if (told.type === "refused" && told.problem === "stock-short") refused += 1;
    }
    if (refused === regions.length) return true;
  }
  return false;
}
