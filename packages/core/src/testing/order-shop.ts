import type { StoredItem } from "../items/item.ts";
import type { OrderChange } from "../order/allocation-change.ts";
import { planAllocationChange, planRecord } from "../order/allocation-change.ts";
import type { OrderFact } from "../order/events.ts";
import { nextStep } from "../order/next-step.ts";
import { type Order, viewOrder } from "../order/order.ts";
import { planPlace } from "../order/place.ts";
import { type OrderReplicas, readOrderReplicas } from "../order/replicas.ts";
import type { OrderStep, PaymentSight } from "../order/steps.ts";
import type { Payment } from "../ports/payments.ts";
import { origin } from "./arbitraries.ts";
import { createFakeItems, replicateAll } from "./fake-items.ts";
import { type LampCheckout, lampCheckout, orderOf, orderTimeMs } from "./order-data.ts";

/** One region of an example: says what it is told with the shipped plans, on what its own store holds. */
export function createOrderShop(name: string) {
  const me = origin(name);
  const items = createFakeItems(me);
  const shop = {
    me,
    items,
    nowMs: orderTimeMs,

    seen(): OrderReplicas {
      return readSeen(items.dump("Orders"));
    },
    order(): Order {
      const sight = viewOrder(shop.seen());
      if (sight.type !== "order") {
        throw new Error(sight.type);
      }
      return sight.order;
    },
    own: () => ({ replicas: shop.seen(), me, nowMs: shop.nowMs }),
    async write({ writes }: Pick<OrderChange, "writes">): Promise<string> {
      const outcome = await items.transact(writes);
      return outcome.ok ? outcome.value.type : outcome.error.type;
    },
    async place(change: LampCheckout = {}): Promise<string> {
      const plan = planPlace(shop.seen(), me, lampCheckout(me, { nowMs: shop.nowMs, ...change }));
      return plan.type === "write" ? shop.write(plan) : plan.type;
    },
    /** Each at the end of the log, units with their allocation. */
    async say(...facts: readonly OrderFact[]): Promise<void> {
      for (const fact of facts) {
        const moves = fact.type === "committed" || fact.type === "released";
        const change = moves ? planAllocationChange(shop.own(), fact) : planRecord(shop.own(), fact);
        const outcome = await shop.write(change);
        if (outcome !== "written") {
          throw new Error(`${fact.type}: ${outcome}`);
        }
      }
    },
    next: (payment?: PaymentSight): OrderStep =>
      nextStep({ ...shop.own(), ...(payment === undefined ? {} : { payment }) }),
    /** The order's payment as the provider may have it. */
    payment: (change: Partial<Payment> = {}): Payment => ({
      id: "pay_1",
      orderId: orderOf(0),
      placement: me,
      amount: { amountMinor: 2_500, currency: "EUR" },
      status: "open",
      refundedMinor: 0,
      createdAtMs: orderTimeMs,
      ...change,
    }),
    /** That this region has won. */
    claimed: (): OrderFact => ({ type: "claimed", winner: me, paymentId: "pay_1" }),
  };
  return shop;
}

export type OrderShop = ReturnType<typeof createOrderShop>;

export function readSeen(items: readonly StoredItem[]): OrderReplicas {
  const read = readOrderReplicas(orderOf(0), items);
  if (!read.ok) {
    throw new Error(JSON.stringify(read.error));
  }
  return read.value;
}

/** Everything that the shops hold of their own arrives at the others. */
export function exchangeOrders(...shops: readonly OrderShop[]): void {
  replicateAll(
    shops.map(({ items }) => items),
    "Orders",
  );
}
