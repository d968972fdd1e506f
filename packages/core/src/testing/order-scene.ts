import { generationOf } from "../cart/cart.ts";
import { cartKey } from "../cart/cart-item.ts";
import { planBegin } from "../cart/generation.ts";
import type { OrderId } from "../ids/order-id.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { StoredItem } from "../items/item.ts";
import { planRecord } from "../order/allocation-change.ts";
import { planWitness } from "../order/answer.ts";
import { planRequest } from "../order/append.ts";
import { planPlace } from "../order/place.ts";
import type { StorageError } from "../ports/items.ts";
import { lampCheckout, orderCartId, orderOf, orderTimeMs, requestId } from "./order-data.ts";
import { cellWrites, type ExecutorWorld, type Intended } from "./order-executor.ts";
import { createModelProvider } from "./order-payments.ts";
import { createOrderRegions, type OrderRegion } from "./order-regions.ts";
import type { OrderSchedule, OrderScheduleStep } from "./order-steps.ts";

/** Everything that a schedule has brought about. */
export interface OrderWorld extends ExecutorWorld {
  readonly intended: Intended[];
  /** Requests that a region said it had taken, by order. */
  readonly acknowledged: { readonly orderId: OrderId; readonly operationId: OperationId }[];
  /** How the run differs from the specification. */
  readonly faults: string[];
  /** The last known state of each allocation, by order and origin. */
  readonly allocations: Map<string, string>;
  /** Every state that any of the orders' items ever had. */
  readonly versions: Map<string, StoredItem>;
  /** What the judges have looked at. */
  judged: string;
}

export const generationsSeen = [0, 1, 2].map(orderOf);

export async function createOrderWorld(
  schedule: Pick<OrderSchedule, "mood" | "skewsMs">,
): Promise<OrderWorld> {
  return {
    regions: await createOrderRegions(schedule.skewsMs),
    provider: createModelProvider(schedule.mood),
    nowMs: orderTimeMs,
    steps: [],
    refusals: 0,
    intended: [],
    acknowledged: [],
    faults: [],
    allocations: new Map(),
    versions: new Map(),
    judged: "",
  };
}

/** A transaction took effect, and nobody was told. */
export const lostAnswer: StorageError = {
  type: "unavailable",
  operation: "TransactWriteItems",
  reason: "no answer",
};

/** The region's checkout of its cart as it sees it: cells, order and cart in one transaction. Its lamps may cost nothing. */
export async function placeOrder(
  world: OrderWorld,
  region: OrderRegion,
  { lost = false, free = false }: { readonly lost?: boolean; readonly free?: boolean } = {},
): Promise<string> {
  const cart = world.regions.cart(region);
  const generation = generationOf(cart);
  const nowMs = world.nowMs + region.skewMs;
  const begin = planBegin(cart, region.origin, { cartId: orderCartId, generation, nowMs });
  if (begin.type !== "write" || generation >= generationsSeen.length) {
    return begin.type;
  }
  const quantity = begin.lines.reduce((sum, line) => sum + line.quantity, 0);
  const unitMinor = free ? 0 : 1_250;
  const checkout = lampCheckout(region.origin, { quantity, unitMinor, op: 100 + generation, nowMs });
  const plan = planPlace(world.regions.order(region, orderOf(generation)), region.origin, {
    ...checkout,
    operations: begin.operations,
  });
  if (plan.type !== "write") {
    return plan.type;
  }
  if (lost) {
    region.items.failNext("TransactWriteItems", lostAnswer, { after: true });
  }
  const cartWrite = {
    type: "update" as const,
    table: "Carts" as const,
    key: cartKey(orderCartId, region.origin),
    update: begin.update,
  };
  await region.items.transact([...plan.writes, cartWrite, ...cellWrites(checkout.units, "holds")]);
  return "write";
}

/** Asks for something in a region, as a client does. */
export async function askFor(
  world: OrderWorld,
  region: OrderRegion,
  step: Extract<OrderScheduleStep, { type: "request" }>,
): Promise<string> {
  const orderId = orderOf(step.generation);
  const operationId = requestId(step.request, step.id);
  const plan = planRequest(world.regions.order(region, orderId), region.origin, {
    request: { type: step.request, operationId, by: "operator" },
    nowMs: world.nowMs + region.skewMs,
  });
  if (plan.type === "write") {
    await region.items.put("Orders", plan.write.item, plan.write.onlyIf);
  }
  if (plan.type === "write" || plan.type === "done-already") {
    world.acknowledged.push({ orderId, operationId });
  }
  return plan.type;
}

/** A region keeps a copy of another one's placement; the placing region learns of it, or crashed before. */
export async function witness(
  world: OrderWorld,
  step: Extract<OrderScheduleStep, { type: "witness" }>,
): Promise<void> {
  const [of, by] = [world.regions.region(step.of), world.regions.region(step.by)];
  const orderId = orderOf(step.generation);
  const replicas = world.regions.order(of, orderId);
  const placement = replicas.placed.get(of.origin);
  const units = replicas.allocations.get(of.origin)?.units;
  if (of === by || placement === undefined || units === undefined) {
    return;
  }
  const nowMs = world.nowMs + by.skewMs;
  const plan = planWitness(world.regions.order(by, orderId), by.origin, { placement, units, nowMs });
  if (plan.type === "write") {
    await by.items.transact([plan.write]);
  }
  if (plan.type !== "witness-taken" && step.recorded) {
    const own = { replicas, me: of.origin, nowMs: world.nowMs + of.skewMs };
    await of.items.transact(planRecord(own, { type: "witnessed", by: by.origin }).writes);
  }
}

/** Everything that the regions hold of their own arrives at the others. */
export function deliverAll({ regions }: OrderWorld): void {
  for (const from of regions.regions) {
    for (const to of regions.regions) {
      if (from !== to) {
        regions.deliver(from, to, () => true);
      }
    }
  }
}
