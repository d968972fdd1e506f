import { pick, type Random } from "../../../links/random.ts";
import type { CheckoutWish, OpenCheckout } from "../client.ts";
import {
  type CheckoutAttempt,
  type LedgerPayment,
  type OrderEnd,
  type SeenOrder,
  type Told,
  totalOf,
} from "../history.ts";
import type { StockModel } from "./stock-model.ts";

interface Placement {
  readonly region: string;
  readonly wish: CheckoutWish;
  state: "held" | "committed" | "released";
}

interface ModelOrder {
  readonly id: string;
  readonly placements: Map<string, Placement>;
  winner?: string;
  state: "placed" | "paid" | "declined";
  readonly charges: { captures: number; amountCaptured: number }[];
  payment: string;
}

export interface ShopModelOptions {
  readonly random: Random;
  readonly regions: readonly string[];
  readonly sequence: () => number;
  /** By SKU. */
  readonly stock: ReadonlyMap<string, StockModel>;
  readonly defect?: string | undefined;
}

export interface ShopModel {
  /** Parts some regions from one another, and some from the provider. */
  breakSome(): void;
  heal(): void;
  part(one: string, other: string): void;
  openCheckout(wish: CheckoutWish): OpenCheckout;
  /** Brings every placement to its end, with nothing broken. */
  finish(): void;
  orders(): readonly OrderEnd[];
  payments(): readonly LedgerPayment[];
}

/** Requests without an answer; half of them were carried out. */
const lostShare = 0.25;

export const modelCartOf = (orderId: string): string => orderId.slice(0, orderId.lastIndexOf("/"));

/** A shop of several regions in a few lines. Not the real one, so that the judges are tried on another reading of it. */
export function createShopModel({ random, regions, sequence, stock, defect }: ShopModelOptions): ShopModel {
  const orders = new Map<string, ModelOrder>();
  const parted = new Set<string>();
  const withoutProvider = new Set<string>();
  const reaches = (from: string) => (to: string) => !parted.has(`${from} ${to}`);
  const part = (one: string, other: string) => {
    parted.add(`${one} ${other}`).add(`${other} ${one}`);
  };
  const stockOf = (sku: string) => {
    const one = stock.get(sku);
    if (one === undefined) throw new Error(`no stock of ${sku}`);
    return one;
  };
  const unitsDo = (what: "commit" | "release", { region, wish }: Placement) => {
    for (const { sku, quantity } of wish.lines) stockOf(sku)[what](region, quantity);
  };
  const orderAt = (id: string): ModelOrder => {
    const known = orders.get(id);
    if (known !== undefined) return known;
    const made: ModelOrder = { id, placements: new Map(), state: "placed", charges: [], payment: "open" };
    orders.set(id, made);
    return made;
  };

  function shown(order: ModelOrder, region: string): SeenOrder {
    const placed = order.placements.get(order.winner ?? region) ?? [...order.placements.values()][0];
    if (placed === undefined) throw new Error(`${order.id} was never placed`);
    const { lines, currency } = placed.wish;
    const extra = defect === "adds a line" ? [{ sku: "GIFT", quantity: 1, unitMinor: 0 }] : [];
    return {
      id: order.id,
      state: order.state,
      decided: order.winner !== undefined,
      placedIn: `${placed.region}#1`,
      currency,
      lines: [...lines, ...extra],
      totalMinor: totalOf(lines),
    };
  }

  function hold(region: string, wish: CheckoutWish): boolean {
    const held: CheckoutWish["lines"][number][] = [];
    for (const line of wish.lines) {
      if (stockOf(line.sku).hold(region, line.quantity, reaches(region))) held.push(line);
      else {
        for (const { sku, quantity } of held) stockOf(sku).release(region, quantity);
        return false;
      }
    }
    return true;
  }

  function charge(order: ModelOrder, placement: Placement): void {
    if (defect === "forgets to charge") return;
    const amount = totalOf(placement.wish.lines) - (defect === "charges another amount" ? 1 : 0);
    const times = defect === "charges twice" && random() < 0.2 ? 2 : 1;
    for (let time = 0; time < times; time += 1) order.charges.push({ captures: 1, amountCaptured: amount });
    order.payment = "succeeded";
  }

  function loses(order: ModelOrder, placement: Placement): void {
    if (placement.state !== "held") return;
    placement.state = defect === "lets both win" ? "committed" : "released";
    unitsDo(placement.state === "committed" ? "commit" : "release", placement);
    if (defect === "charges what failed") order.charges.push({ captures: 1, amountCaptured: 5 });
  }

  /** Goes on with a placement as far as it can. */
  function settle(order: ModelOrder, placement: Placement): void {
    if (placement.state !== "held" || withoutProvider.has(placement.region)) return;
    order.winner ??= placement.region;
    if (order.winner !== placement.region) {
      loses(order, placement);
      return;
    }
    const isDeclined = placement.wish.declining || (defect === "declines at will" && random() < 0.2);
    placement.state = isDeclined ? "released" : "committed";
    unitsDo(isDeclined ? "release" : "commit", placement);
    order.state = isDeclined ? "declined" : "paid";
    if (!isDeclined) charge(order, placement);
    else order.payment = defect === "keeps money authorised" ? "requires_capture" : "canceled";
    if (isDeclined && defect === "charges what failed")
      order.charges.push({ captures: 1, amountCaptured: 5 });
  }

  function answer(order: ModelOrder, region: string): Told {
    const at = sequence();
    if (order.state === "declined") {
      return { type: "refused", at, problem: "payment-declined", order: order.id };
    }
    const seen = shown(order, region);
    if (order.state === "paid") {
      const placedIn =
        defect === "lets both win" && order.placements.has(region) ? `${region}#1` : seen.placedIn;
      return { type: "confirmed", at, order: { ...seen, placedIn } };
    }
    return { type: "placed", at, order: seen };
  }

  /** Whether a region placed the order itself, or can hear of a placement elsewhere. */
  const knows = (region: string, order: ModelOrder) =>
    [...order.placements.keys()].some((other) => other === region || reaches(region)(other));

  function place(region: string, id: string, wish: CheckoutWish): Told {
    if (!hold(region, wish)) return { type: "refused", at: sequence(), problem: "stock-short" };
    const order = orderAt(defect === "orders again" && orders.has(id) ? `${id}+` : id);
    const placement: Placement = { region, wish, state: "held" };
    order.placements.set(region, placement);
    settle(order, placement);
    return answer(order, region);
  }

  function carryOut(region: string, id: string, wish: CheckoutWish): Told {
    const order = orders.get(id);
    if (order === undefined || !knows(region, order)) return place(region, id, wish);
    for (const placement of order.placements.values()) {
      if (placement.region === region || reaches(region)(placement.region)) settle(order, placement);
    }
    const forgets = defect === "tells of nothing" && random() < 0.5;
    return forgets ? { type: "refused", at: sequence(), problem: "cart-empty" } : answer(order, region);
  }

  let opened = 0;
  return {
    part,
    breakSome() {
      parted.clear();
      withoutProvider.clear();
      const alone = pick(random, regions);
      const others = regions.filter((region) => region !== alone);
      for (const other of random() < 0.5 ? others : others.slice(1)) part(alone, other);
      if (random() < 0.4) withoutProvider.add(pick(random, regions));
    },
    heal() {
      parted.clear();
      withoutProvider.clear();
    },
    openCheckout(wish) {
      const attempts: CheckoutAttempt[] = [];
      opened += 1;
      const operationId = `op ${opened}`;
      // A declined card ends the generation.
      const generation = () =>
        [...orders.values()].filter((one) => modelCartOf(one.id) === wish.cart.id && one.state === "declined")
          .length;
      const id = `${wish.cart.id}/${generation()}`;
      return {
        async sendTo(region) {
          const sent = sequence();
          const apart = regions.filter((other) => other !== region && !reaches(region)(other));
          const fate = parted.size + withoutProvider.size > 0 ? random() : 1;
          const done = fate < lostShare / 2 ? undefined : carryOut(region, id, wish);
          const told: Told =
            done === undefined || fate < lostShare ? { type: "unknown", at: sequence(), why: "cut" } : done;
          attempts.push({ region, sent, told, apart });
          return told;
        },
        record: () => ({
          name: wish.cart.name,
          cart: wish.cart.id,
          operationId,
          lines: wish.lines,
          currency: wish.currency,
          declining: wish.declining,
          attempts: [...attempts],
        }),
      };
    },
    finish() {
      for (const order of orders.values())
        for (const placement of order.placements.values()) settle(order, placement);
    },
    orders: () =>
      [...orders.values()].flatMap((order) =>
        regions.map((region, index) => ({
          id: order.id,
          region,
          order: endIn(order, index === 1),
        })),
      ),
    payments: () =>
      [...orders.values()].map(({ id, charges, payment }) => ({
        id: `pi ${id}`,
        order: id,
        currency: "eur",
        status: payment,
        charges,
        refunds: [],
      })),
  };

  function endIn(order: ModelOrder, isOdd: boolean): SeenOrder | undefined {
    if (isOdd && defect === "forgets orders") return undefined;
    const seen = shown(order, order.winner ?? "");
    return isOdd && defect === "leaves regions apart" ? { ...seen, state: "placed" } : seen;
  }
}
