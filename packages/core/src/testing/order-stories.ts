import type { OrderState } from "../order/machine.ts";
import { orderOf } from "./order-data.ts";
import { runOrder } from "./order-executor.ts";
import type { ProviderMood } from "./order-payments.ts";
import type { OrderRegion } from "./order-regions.ts";
import { askFor, deliverAll, type OrderWorld, placeOrder } from "./order-scene.ts";
import type { OrderScheduleStep } from "./order-steps.ts";

/** One way that an order can go: what has happened before the run that crashes, and how it ends all the same. */
export interface Story {
  readonly name: string;
  readonly mood: ProviderMood;
  readonly before: (world: OrderWorld, first: OrderRegion, second: OrderRegion) => Promise<void>;
  readonly ends: OrderState;
  /** Every kind of step that the story takes. */
  readonly takes: readonly string[];
}

const ask = (
  type: "cancel-requested" | "ship-requested" | "deliver-requested" | "return-requested",
  at: number,
) => {
  const step: Extract<OrderScheduleStep, { type: "request" }> = {
    type: "request",
    at,
    generation: 0,
    request: type,
    id: 0,
  };
  return step;
};

async function askAndArrive(
  world: OrderWorld,
  region: OrderRegion,
  request: ReturnType<typeof ask>,
): Promise<void> {
  await askFor(world, region, request);
  deliverAll(world);
}

/** More steps than any story takes. */
export const wholeRun = 100;

export const stories: readonly Story[] = [
  {
    name: "a checkout",
    mood: "authorize",
    before: async (world, first) => void (await placeOrder(world, first)),
    ends: "paid",
    takes: ["claim", "record", "authorize", "commit", "end-cart", "capture", "close"],
  },
  {
    name: "a checkout that costs nothing",
    mood: "decline", // nobody asks
    before: async (world, first) => void (await placeOrder(world, first, { free: true })),
    ends: "paid",
    takes: ["claim", "record", "commit", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "an expiry of what costs nothing, without the provider, which comes back",
    mood: "authorize",
    before: async (world, first) => {
      await placeOrder(world, first, { free: true });
      world.provider.setAway(first.origin, true);
      world.nowMs += 20 * 60_000;
    },
    ends: "expired",
    takes: ["release:expired", "claim", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "a cancellation of what costs nothing, before its payment is given up",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first, { free: true });
      await runOrder(world, first, orderOf(0), 4); // committed, and the cart ended
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "cancelled",
    takes: ["decide", "cancel-payment", "record", "close"],
  },
  {
    name: "a declined card",
    mood: "decline",
    before: async (world, first) => void (await placeOrder(world, first)),
    ends: "declined",
    takes: ["claim", "authorize", "release:declined", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "an expiry, while nobody knows of the money",
    mood: "action-authorize",
    before: async (world, first) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), wholeRun);
      world.nowMs += 20 * 60_000;
    },
    ends: "expired",
    takes: ["read-payment", "release:expired", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "an expiry without the provider, which comes back",
    mood: "authorize",
    before: async (world, first) => {
      await placeOrder(world, first);
      world.provider.setAway(first.origin, true);
      world.nowMs += 20 * 60_000;
    },
    ends: "expired",
    takes: ["release:expired", "claim", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "an authorisation of which nobody heard before the hold was over",
    mood: "authorize",
    before: async (world, first) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), 3); // claimed, said so, authorised
      world.nowMs += 20 * 60_000;
    },
    ends: "paid",
    takes: ["read-payment", "record", "commit", "end-cart", "capture", "close"],
  },
  {
    name: "a lost claim",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await placeOrder(world, second);
      await runOrder(world, second, orderOf(0), wholeRun);
    },
    ends: "paid",
    takes: ["claim", "release:superseded", "wait", "end-cart", "close"],
  },
  {
    name: "a claim that a placement lost which costs nothing",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first, { free: true });
      await placeOrder(world, second);
      await runOrder(world, second, orderOf(0), wholeRun);
    },
    ends: "paid",
    takes: ["claim", "release:superseded", "wait", "end-cart", "close"],
  },
  {
    name: "a claim that a placement won which costs nothing",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await placeOrder(world, second, { free: true });
      await runOrder(world, second, orderOf(0), wholeRun);
    },
    ends: "paid",
    takes: ["claim", "release:superseded", "wait", "end-cart", "close"],
  },
  {
    name: "a cancellation before the money is promised",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "cancelled",
    takes: ["claim", "decide", "release:cancelled", "end-cart", "cancel-payment", "close"],
  },
  {
    name: "a cancellation after the units are sold, before the money is taken",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), 5); // committed
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "cancelled",
    takes: ["end-cart", "decide", "cancel-payment", "close"],
  },
  {
    name: "a cancellation after the money was taken, of which nobody heard",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), 7); // captured, and not said so
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "refunded",
    takes: ["decide", "cancel-payment", "refund", "close"],
  },
  {
    name: "a cancellation after the order was closed",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), wholeRun);
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "refunded",
    takes: ["decide", "refund", "close"],
  },
  {
    name: "a cancellation after a person gave a part back at the provider",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), 7); // captured, and not said so
      world.provider.giveBack(1_000);
      deliverAll(world);
      await askAndArrive(world, second, ask("cancel-requested", 1));
    },
    ends: "refunded",
    takes: ["decide", "cancel-payment", "refund", "close"],
  },
  {
    name: "a return",
    mood: "authorize",
    before: async (world, first, second) => {
      await placeOrder(world, first);
      await runOrder(world, first, orderOf(0), wholeRun);
      deliverAll(world);
      await askAndArrive(world, second, ask("return-requested", 1)); // too early, and waits
      await askAndArrive(world, first, ask("deliver-requested", 0));
      await askAndArrive(world, second, ask("ship-requested", 1));
    },
    ends: "refunded",
    takes: ["decide", "refund", "close"],
  },
];
