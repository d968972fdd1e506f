import {
  type Checkout,
  isLive,
  linesText,
  type OrderLine,
  orderNamed,
  ordersById,
  type SeenOrder,
  totalOf,
} from "../checkout/history.ts";
import { judgeMoney } from "../checkout/judge-money.ts";
import { duplicateOrders, judgeEnds, judgeTold } from "../checkout/judge-orders.ts";
import { judgeStock } from "../checkout/judge-stock.ts";
import type { Lines } from "../concurrent-carts/history.ts";
import type { SplitCart, SplitCartEnd, SplitHistory } from "./history.ts";

export interface SplitVerdict {
  /** Orders that stand. */
  readonly orders: number;
  /** Orders with money in the provider's books. */
  readonly charges: number;
  /** Acknowledged units that are neither in an order nor in the cart. */
  readonly lost: number;
  readonly broken: readonly string[];
}

/** Judges the run when everything is mended and finished. `cartOf` says which cart an order is of. */
export function judgeSplits(history: SplitHistory, cartOf: (orderId: string) => string): SplitVerdict {
  const { carts, cartEnds, orders: ends, payments } = history;
  const orders = ordersById(ends);
  const live = [...orders.values()].filter(isLive);
  const liveByCart = Map.groupBy(live, ({ id }) => cartOf(id));
  const endsByCart = Map.groupBy(cartEnds, ({ id }) => id);
  const checkouts = carts.flatMap((cart) => cart.checkouts);
  const money = judgeMoney(payments, orders);
  const accounts = carts.map((cart) =>
    judgeCart(cart, { orders: liveByCart.get(cart.id) ?? [], ends: endsByCart.get(cart.id) ?? [] }),
  );
  return {
    orders: live.length,
    charges: money.charged,
    lost: accounts.reduce((sum, { lost }) => sum + lost, 0),
    broken: [
      ...accounts.flatMap(({ broken }) => broken),
      ...judgeEnds(ends),
      ...duplicateOrders(checkouts, ends, cartOf).broken,
      ...judgeTold(checkouts, ends),
      ...money.broken,
      ...judgeCells(history, live),
    ],
  };
}

interface CartFacts {
  /** Orders of the cart that stand. */
  readonly orders: readonly SeenOrder[];
  readonly ends: readonly SplitCartEnd[];
}

function judgeCart(
  cart: SplitCart,
  { orders, ends }: CartFacts,
): { lost: number; broken: readonly string[] } {
  const account = accountFor(cart, { orders, ends });
  const [order] = orders;
  const broken = [
    ...(order === undefined ? ["no order came of its two checkouts"] : notAsked(cart, order)),
    ...differing(ends),
    ...account.broken,
    ...(order === undefined ? [] : toldOtherwise(cart, order)),
  ];
  return { lost: account.lost, broken: broken.map((line) => `${cart.name}: ${line}`) };
}

/** Each unit that was added is in the order or in the cart, once: what only the loser had seen is in the cart. */
function accountFor({ added }: SplitCart, { orders, ends }: CartFacts) {
  let lost = 0;
  const broken: string[] = [];
  const ordered = unitsOf(orders.flatMap(({ lines }) => lines));
  const left = ends[0]?.lines ?? {};
  for (const sku of new Set([...Object.keys(added), ...Object.keys(ordered), ...Object.keys(left)])) {
    const expected = added[sku] ?? 0;
    const found = (ordered[sku] ?? 0) + (left[sku] ?? 0);
    if (found === expected) continue;
    lost += Math.max(0, expected - found);
    broken.push(
      `of ${expected} units of ${sku}, ${ordered[sku] ?? 0} are ordered and ${left[sku] ?? 0} in the cart`,
    );
  }
  return { lost, broken };
}

/** The order is what the checkout of its own region asked for. */
function notAsked({ checkouts }: SplitCart, order: SeenOrder): readonly string[] {
  const asked = checkouts.filter(
    ({ attempts, lines, currency }) =>
      attempts.some(({ region }) => isIn(order.placedIn, region)) &&
      linesText(lines) === linesText(order.lines) &&
      totalOf(lines) === order.totalMinor &&
      currency === order.currency,
  );
  return asked.length > 0 ? [] : [`${order.id} is not what was asked for in ${order.placedIn}`];
}

/** `eu-west-1#1` and `eu-west-1` are in eu-west-1. */
const isIn = (placedIn: string, region: string) => placedIn === region || placedIn.startsWith(`${region}#`);

function differing(ends: readonly SplitCartEnd[]): readonly string[] {
  const texts = new Set(ends.map(({ lines }) => JSON.stringify(Object.entries(lines).sort())));
  return texts.size > 1 ? [`regions still differ about the cart: ${[...texts].join(" against ")}`] : [];
}

/**
 * Both devices end up knowing the one order, whichever of them placed it. One that came so late that the other's checkout
 * was seen already is told of it then, and later that its cart holds something else.
 */
function toldOtherwise({ checkouts }: SplitCart, order: SeenOrder): readonly string[] {
  return checkouts.flatMap(({ name, attempts }: Checkout) => {
    const named = attempts.map(({ told }) => orderNamed(told)).findLast((id) => id !== undefined);
    return named === order.id
      ? []
      : [`${name} was told at last of ${named ?? "no order"}, not of ${order.id}`];
  });
}

function unitsOf(lines: readonly OrderLine[]): Lines {
  const units: Record<string, number> = {};
  for (const { sku, quantity } of lines) units[sku] = (units[sku] ?? 0) + quantity;
  return units;
}

/** The loser's units are back: cells have sold what standing orders have, and hold nothing. */
function judgeCells({ delivered, cells }: SplitHistory, live: readonly SeenOrder[]): readonly string[] {
  const ordered = unitsOf(live.flatMap(({ lines }) => lines));
  return Object.entries(delivered).flatMap(
    ([sku, units]) => judgeStock({ sku, delivered: units, ordered: ordered[sku] ?? 0 }, cells).broken,
  );
}
