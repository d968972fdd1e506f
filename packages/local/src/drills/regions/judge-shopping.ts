import {
  type CellsView,
  type Checkout,
  isLive,
  type LedgerPayment,
  type OrderEnd,
  ordersById,
  type SeenOrder,
} from "../checkout/history.ts";
import { judgeMoney } from "../checkout/judge-money.ts";
import {
  duplicateOrders,
  judgeEnds,
  judgeTold,
  notWhatWasAsked,
  untoldOrders,
} from "../checkout/judge-orders.ts";
import { judgeStock } from "../checkout/judge-stock.ts";
import type { CartHistory } from "../concurrent-carts/history.ts";
import { judgeCarts } from "../concurrent-carts/judge.ts";

/** What shoppers did and were told, and what there is in the end. */
export interface ShoppingHistory {
  readonly carts: CartHistory;
  readonly checkouts: readonly Checkout[];
  readonly sku: string;
  readonly delivered: number;
  readonly orders: readonly OrderEnd[];
  readonly cells: readonly CellsView[];
  readonly payments: readonly LedgerPayment[];
  /** Orders confirmed with two regions' durability that no other region showed while theirs was away. */
  readonly missedWhileAway: readonly string[];
}

export interface ShoppingVerdict {
  /** Units that were acknowledged and are in no cart. */
  readonly lostWrites: number;
  /** Orders that were confirmed and are not everywhere in the end, or were nowhere while their region was away. */
  readonly lostOrders: number;
  readonly oversold: number;
  readonly orders: number;
  readonly broken: readonly string[];
}

/** Judges the shopping when everything is mended and finished. */
export function judgeShopping(
  history: ShoppingHistory,
  cartOf: (orderId: string) => string,
): ShoppingVerdict {
  const { checkouts, orders: ends, sku, delivered, missedWhileAway } = history;
  const carts = judgeCarts(history.carts);
  const orders = ordersById(ends);
  const live = [...orders.values()].filter(isLive);
  const units = live.reduce((sum, order) => sum + unitsOf(order), 0);
  const stock = judgeStock({ sku, delivered, ordered: units }, history.cells);
  const oversold = Math.max(0, units - delivered, stock.sold - delivered);
  const lost = new Set([...missedWhileAway, ...lostInTheEnd(checkouts, ends)]);
  return {
    lostWrites: carts.lost,
    lostOrders: lost.size,
    oversold,
    orders: live.length,
    broken: [
      ...carts.broken,
      ...(carts.lost > 0 ? [`${carts.lost} units of acknowledged writes are lost`] : []),
      ...missedWhileAway.map((id) => `${id} was durable in two regions, and no other one showed it`),
      ...(oversold === 0 ? [] : [`${oversold} units were sold that nobody had`]),
      ...judgeEnds(ends),
      ...duplicateOrders(checkouts, ends, cartOf).broken,
      ...judgeTold(checkouts, ends),
      ...untoldOrders(checkouts, ends, cartOf),
      ...notWhatWasAsked(checkouts, live, cartOf),
      ...judgeMoney(history.payments, orders).broken,
      ...stock.broken,
    ],
  };
}

const unitsOf = ({ lines }: SeenOrder) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Orders that were confirmed and that some region does not show as standing. */
function lostInTheEnd(checkouts: readonly Checkout[], ends: readonly OrderEnd[]): readonly string[] {
  const endsById = Map.groupBy(ends, ({ id }) => id);
  return confirmedIds(checkouts).filter((id) => {
    const ofOrder = endsById.get(id) ?? [];
    return ofOrder.length === 0 || ofOrder.some(({ order }) => !isLive(order));
  });
}

export const confirmedIds = (checkouts: readonly Checkout[]): readonly string[] => [
  ...new Set(
    checkouts.flatMap(({ attempts }) =>
      attempts.flatMap(({ told }) => (told.type === "confirmed" ? [told.order.id] : [])),
    ),
  ),
];
