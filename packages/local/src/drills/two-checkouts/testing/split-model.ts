import { integerBetween, pick, type Random } from "../../../links/random.ts";
import { createSequence } from "../../attempt.ts";
import type { CheckoutWish, OpenCheckout } from "../../checkout/client.ts";
import { type Checkout, isDecided, isLive, openIn, ordersById, type Told } from "../../checkout/history.ts";
import type { OrderDefect } from "../../checkout/testing/order-defect.ts";
import { createShopModel, modelCartOf } from "../../checkout/testing/shop-model.ts";
import { createStockModel, type StockDefect } from "../../checkout/testing/stock-model.ts";
import type { Lines } from "../../concurrent-carts/history.ts";
import { shuffled } from "../../route.ts";
import type { SplitCart, SplitCartEnd, SplitHistory } from "../history.ts";

export type SplitDefect =
  | StockDefect
  | OrderDefect
  /** What was in a cart goes with its order, whether the order has it or not. */
  | "empties carts"
  /** What was ordered stays in the cart. */
  | "keeps what was ordered"
  /** The loser's device never hears of the order. */
  | "leaves the loser waiting"
  /** The loser's device is told of an order of its own. */
  | "tells of two orders";

const regions = ["us-east-1", "eu-west-1", "ap-south-1"];
const skus = ["LAMP", "SOFA"];
const delivered = 60;
const carts = 4;
const roundsMax = 20;

interface Split {
  readonly name: string;
  readonly added: Lines;
  readonly checkouts: readonly OpenCheckout[];
}

/** A few carts in a model of a shop, each checked out in two regions that cannot hear each other. */
export async function playSplits(random: Random, defect?: SplitDefect): Promise<SplitHistory> {
  const stock = new Map(skus.map((sku) => [sku, createStockModel(regions, sku, defect)]));
  for (const one of stock.values()) {
    for (const region of regions) one.deliver(region, `to ${region}`, delivered / regions.length);
    for (const region of regions) one.deliver(region, `to ${region}`, delivered / regions.length);
  }
  const shop = createShopModel({ random, regions, sequence: createSequence(), stock, defect });
  const splits: Split[] = [];
  for (let number = 1; number <= carts; number += 1) {
    shop.heal();
    splits.push(await checkOutTwice(`cart ${number}`, random, shop));
  }
  shop.heal();
  for (const checkout of splits.flatMap(({ checkouts }) => checkouts)) await askUntilTold(checkout);
  shop.finish();
  for (const { checkouts } of splits) await Promise.all(checkouts.map(askOnce));
  const orders = shop.orders();
  const live = [...ordersById(orders).values()].filter(isLive);
  return {
    carts: splits.map((split) => splitCart(split, defect)),
    cartEnds: splits.flatMap(({ name, added }) => {
      const ordered = live.filter(({ id }) => modelCartOf(id) === name).flatMap(({ lines }) => lines);
      return endsOf(name, leftOf(added, ordered, defect));
    }),
    orders,
    payments: shop.payments(),
    cells: [...stock.values()].flatMap((one) => one.views()),
    delivered: Object.fromEntries(skus.map((sku) => [sku, delivered])),
  };
}

async function checkOutTwice(
  name: string,
  random: Random,
  shop: ReturnType<typeof createShopModel>,
): Promise<Split> {
  const filled: Lines = { LAMP: integerBetween(random, 1, 3) };
  const more: Lines = { ...filled, [pick(random, skus)]: 5 };
  const [one = "", other = ""] = shuffled(random, regions);
  const sides = shuffled(random, [random() < 0.8 ? more : filled, filled]);
  const checkouts = sides.map((lines) => shop.openCheckout(wishOf(name, lines)));
  shop.part(one, other);
  for (const [side, checkout] of checkouts.entries()) await checkout.sendTo([one, other][side] ?? "");
  return { name, added: sides.includes(more) ? more : filled, checkouts };
}

const wishOf = (name: string, lines: Lines): CheckoutWish => ({
  cart: { name, id: name, session: "" },
  generation: 0,
  lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity, unitMinor: 100 })),
  currency: "EUR",
  paymentMethod: "good",
  declining: false,
  durability: "one-region",
  token: {},
});

async function askUntilTold(checkout: OpenCheckout): Promise<void> {
  for (let round = 0; round < roundsMax && !isDecided(checkout.record()); round += 1) {
    const { attempts } = checkout.record();
    await checkout.sendTo(openIn(attempts)[0] ?? attempts.at(-1)?.region ?? "");
  }
}

const askOnce = (checkout: OpenCheckout) => checkout.sendTo(checkout.record().attempts.at(-1)?.region ?? "");

function splitCart({ name, added, checkouts }: Split, defect: SplitDefect | undefined): SplitCart {
  const [winner, loser] = checkouts.map((checkout) => checkout.record());
  if (winner === undefined || loser === undefined) throw new Error("a cart is checked out twice");
  return { name, id: name, added, checkouts: [winner, misled(loser, defect)] };
}

/** What the second device would have been told by a shop that does wrong. */
function misled(loser: Checkout, defect: SplitDefect | undefined): Checkout {
  const retell = (tell: (told: Told) => Told): Checkout => ({
    ...loser,
    attempts: loser.attempts.map((attempt) => ({ ...attempt, told: tell(attempt.told) })),
  });
  if (defect === "leaves the loser waiting") {
    return retell(({ at }) => ({ type: "refused", at, problem: "cart-in-checkout" }));
  }
  if (defect !== "tells of two orders") return loser;
  return retell((told) =>
    told.type === "confirmed" ? { ...told, order: { ...told.order, id: `${loser.cart}/other` } } : told,
  );
}

/** What is left of a cart when its order has taken what it has. */
function leftOf(
  added: Lines,
  ordered: readonly { readonly sku: string; readonly quantity: number }[],
  defect: SplitDefect | undefined,
): Lines {
  if (defect === "empties carts") return {};
  if (defect === "keeps what was ordered") return added;
  const left: Record<string, number> = { ...added };
  for (const { sku, quantity } of ordered) left[sku] = (left[sku] ?? 0) - quantity;
  return Object.fromEntries(Object.entries(left).filter(([, units]) => units > 0));
}

const endsOf = (id: string, lines: Lines): readonly SplitCartEnd[] =>
  regions.map((region) => ({ id, region, lines }));
