import { isLive, ordersById, type SeenOrder } from "../checkout/history.ts";
import { judgeMoney } from "../checkout/judge-money.ts";
import {
  duplicateOrders,
  judgeEnds,
  judgeTold,
  notWhatWasAsked,
  untoldOrders,
} from "../checkout/judge-orders.ts";
import { judgeStock } from "../checkout/judge-stock.ts";
import type { SaleHistory, StockSample } from "./history.ts";

export interface SaleVerdict {
  /** Orders that stand. */
  readonly orders: number;
  /** Their units. */
  readonly units: number;
  /** Units sold that nobody had. */
  readonly oversold: number;
  readonly duplicateOrders: number;
  readonly duplicateCharges: number;
  /** `kept`, or how many units are too many (below 0: missing). */
  readonly conservation: "kept" | number;
  /** Refusals for want of stock while another region that could be reached had it: told, and no broken promise. */
  readonly refusedWhileStockElsewhere: number;
  readonly broken: readonly string[];
}

export type CartOf = (orderId: string) => string;

/** Judges a sale when everything is mended and finished. `cartOf` says which cart an order is of. */
export function judgeSale(history: SaleHistory, cartOf: CartOf): SaleVerdict {
  const { sku, delivered, checkouts, orders: ends, payments } = history;
  const orders = ordersById(ends);
  const live = [...orders.values()].filter(isLive);
  const units = live.reduce((sum, order) => sum + unitsOf(order), 0);
  const stock = judgeStock({ sku, delivered, ordered: units }, history.cells);
  const money = judgeMoney(payments, orders);
  const duplicates = duplicateOrders(checkouts, ends, cartOf);
  const oversold = Math.max(0, units - delivered, stock.sold - delivered);
  return {
    orders: live.length,
    units,
    oversold,
    duplicateOrders: duplicates.count,
    duplicateCharges: money.duplicateCharges,
    conservation: stock.difference === 0 ? "kept" : stock.difference,
    refusedWhileStockElsewhere: refusedWhileStockElsewhere(history),
    broken: [
      ...(oversold === 0 ? [] : [`${oversold} units were sold that nobody had`]),
      ...stranded(history, units),
      ...judgeEnds(ends),
      ...duplicates.broken,
      ...judgeTold(checkouts, ends),
      ...untoldOrders(checkouts, ends, cartOf),
      ...notWhatWasAsked(checkouts, live, cartOf),
      ...money.broken,
      ...stock.broken,
    ],
  };
}

const unitsOf = ({ lines }: SeenOrder) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Whoever is refused a single unit in every region, with everything mended, finds nothing left. */
function stranded({ delivered, isShortEverywhere }: SaleHistory, units: number): readonly string[] {
  if (!isShortEverywhere) return ["with everything mended, not every region came to say that it is sold out"];
  return units < delivered
    ? [`every region is sold out, and ${delivered - units} units are in no order`]
    : [];
}

/** Only where the other region had enough both before the question and after the answer, and nothing was between them. */
function refusedWhileStockElsewhere({ checkouts, samples, sku }: SaleHistory): number {
  const byRegion = Map.groupBy(samples, ({ region }) => region);
  let refused = 0;
  for (const { attempts, lines } of checkouts) {
    const wanted = lines.find((line) => line.sku === sku)?.quantity ?? 0;
    for (const { region, sent, told, apart } of attempts) {
      if (told.type !== "refused" || told.problem !== "stock-short") continue;
      const hadIt = [...byRegion].some(
        ([other, ofOther]) =>
          other !== region && !apart.includes(other) && hadAllAlong(ofOther, wanted, { sent, at: told.at }),
      );
      if (hadIt) refused += 1;
    }
  }
  return refused;
}

function hadAllAlong(
  samples: readonly StockSample[],
  wanted: number,
  { sent, at }: { readonly sent: number; readonly at: number },
): boolean {
  const before = samples.findLast((sample) => sample.at < sent);
  const after = samples.find((sample) => sample.sent > at);
  const between = samples.filter((sample) => sample.sent > sent && sample.at < at);
  return (
    before !== undefined &&
    after !== undefined &&
    [before, ...between, after].every(({ available }) => available >= wanted)
  );
}
