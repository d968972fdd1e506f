import { liveOperations } from "../cart/cart.ts";
import { compareStamps } from "../clock/stamp.ts";
import type { OrderId } from "../ids/order-id.ts";
import type { Origin } from "../ids/origin.ts";
import { answeredRequest, isRequest } from "../order/events.ts";
import { requestVerdict } from "../order/machine.ts";
import { type Order, viewOrder } from "../order/order.ts";
import { logOf, type OrderReplicas, placementsOf } from "../order/replicas.ts";
import { canonicalText } from "./item-changes.ts";
import { intendStep } from "./order-executor.ts";
import { orderHistory } from "./order-history.ts";
import { ownItems } from "./order-regions.ts";
import { generationsSeen, type OrderWorld } from "./order-scene.ts";

function ordersIn(world: OrderWorld): readonly OrderReplicas[] {
  return generationsSeen
    .map((orderId) => world.regions.home(orderId))
    .filter((replicas) => placementsOf(replicas).length > 0);
}

function committedIn(replicas: OrderReplicas) {
  return [...replicas.allocations.values()].filter(({ state }) => state === "committed");
}

/** An allocation leaves `held` once, for good. */
function judgeAllocations(world: OrderWorld, replicas: OrderReplicas): void {
  for (const { origin, state } of replicas.allocations.values()) {
    const name = `${replicas.orderId} ${origin}`;
    const before = world.allocations.get(name) ?? "held";
    if (before !== "held" && before !== state) {
      world.faults.push(`${name} was ${before} and is ${state}`);
    }
    world.allocations.set(name, state);
  }
}

const ownsFree = (replicas: OrderReplicas, owner: Origin | undefined) =>
  owner !== undefined && replicas.placed.get(owner)?.totalMinor === 0;

/** At most one placement is sold, and nothing is taken but for it, once, and what it costs. */
function judgeMoney(world: OrderWorld, replicas: OrderReplicas): void {
  const committed = committedIn(replicas);
  if (committed.length > 1) {
    world.faults.push(`${replicas.orderId} is ordered twice`);
  }
  const account = world.provider.accounts.get(replicas.orderId);
  if (account?.authorizeTried === true && ownsFree(replicas, account.payment.placement)) {
    world.faults.push(`${replicas.orderId}: money was asked for where there is nothing to pay`);
  }
  if (account === undefined || account.captures === 0) {
    return;
  }
  const [sold] = committed;
  const placement = sold === undefined ? undefined : replicas.placed.get(sold.origin);
  const rules: readonly (readonly [string, boolean])[] = [
    ["is captured once and refunded once at most", account.captures === 1 && account.refunds <= 1],
    ["money is taken for sold units alone", placement !== undefined],
    ["the winner is whom the payment names", placement?.origin === account.payment.placement],
    ["what is taken is the total", placement?.totalMinor === account.payment.amount.amountMinor],
  ];
  world.faults.push(...rules.filter(([, holds]) => !holds).map(([rule]) => `${replicas.orderId}: ${rule}`));
}

/** What the machine would refuse is in nobody's log, and the log has no gaps. */
function judgeLogs(world: OrderWorld, replicas: OrderReplicas): void {
  for (const { entry, state } of orderHistory(replicas)) {
    if (!isRequest(entry.event) && state === undefined) {
      world.faults.push(`${replicas.orderId} ${entry.origin}: ${entry.event.type} is not in the machine`);
    }
  }
  for (const [origin, log] of replicas.logs) {
    const entries = logOf(replicas, origin);
    const falls = entries.some(({ stamp }, index) => {
      const before = entries[index - 1]?.stamp;
      return before !== undefined && compareStamps(stamp, before) <= 0;
    });
    if (entries.length < log.size || falls) {
      world.faults.push(`${replicas.orderId} ${origin}: a log with a gap, or whose stamps do not rise`);
    }
  }
}

/** What holds at every instant, by the items where they were written. */
export function judgeInstant(world: OrderWorld): void {
  const captures = [...world.provider.accounts.values()].reduce((sum, account) => sum + account.captures, 0);
  const version = `${world.regions.version()}/${captures}`;
  if (version === world.judged) {
    return; // nothing was written and nothing taken since
  }
  world.judged = version;
  for (const item of world.regions.regions.flatMap((region) => ownItems(region, "Orders"))) {
    world.versions.set(`${item.pk} ${item.sk} ${item["v"]}`, item);
  }
  for (const replicas of ordersIn(world)) {
    judgeAllocations(world, replicas);
    judgeMoney(world, replicas);
    judgeLogs(world, replicas);
  }
}

/** Units moved once for each allocation: what the cells count is what the allocations say. */
export function judgeStock(world: OrderWorld): void {
  const orders = ordersIn(world);
  for (const { origin, items } of world.regions.regions) {
    const own = orders.flatMap(({ allocations }) => {
      const allocation = allocations.get(origin);
      return allocation === undefined ? [] : [allocation];
    });
    const sold = own.filter(({ state }) => state === "committed");
    const units = sold.flatMap((allocation) => allocation.units).reduce((sum, part) => sum + part.units, 0);
    const cell = items.dump("Stock")[0];
    const counted = [cell?.["holds"], cell?.["commits"], cell?.["releases"], cell?.["held"], cell?.["sold"]];
    const expected = [own.length, sold.length, own.length - sold.length, 0, units];
    const differs = counted.some((count, index) => (count ?? 0) !== expected[index]);
    if (differs) {
      world.faults.push(`${origin}: cells count ${counted}, not ${expected}`);
    }
  }
}

function judgeEnd(world: OrderWorld, replicas: OrderReplicas, order: Order): void {
  const account = world.provider.accounts.get(replicas.orderId);
  const status = account?.payment.status;
  const isSold = committedIn(replicas).length === 1;
  const isFree = ownsFree(replicas, order.owner);
  const isOff = ["cancelled", "declined", "expired", "refunded"].includes(order.state);
  const facts = new Set(logOf(replicas, order.shown).map(({ event }) => event.type));
  const rules: readonly (readonly [string, boolean])[] = [
    ["has an owner", order.owner === order.shown],
    ["its owner is whom the payment names", order.owner === account?.payment.placement],
    ["every placement is closed", [...replicas.allocations.values()].every((a) => a.dueAtMs === undefined)],
    ["no units are held", order.placements.every(({ allocation }) => allocation !== "held")],
    [
      "every cart ended as the units did",
      order.placements.every((p) => p.cartOutcome === (isSold ? "ordered" : "failed")),
    ],
    [
      "losers are superseded, or had expired",
      order.placements.every(
        (p) => p.origin === order.owner || p.state === "superseded" || p.state === "expired",
      ),
    ],
    [
      "what is left pending comes too early",
      order.pending.every((r) => requestVerdict(order.state, r.type).type === "later"),
    ],
    [
      "money taken was for an order, or went back, all of it",
      status !== "captured" ||
        !isOff ||
        account?.payment.refundedMinor === account?.payment.amount.amountMinor,
    ],
    [
      "money that was not taken never will be",
      !(isOff || isFree) || status === "captured" || status === "cancelled",
    ],
    ["a paid order's money was taken", isOff || isFree || status === "captured"],
    ["of cancel and ship one happened", !(facts.has("cancelled") && facts.has("shipped"))],
    ["an order that stands is sold", isOff || isSold],
  ];
  world.faults.push(
    ...rules.filter(([, holds]) => !holds).map(([rule]) => `${replicas.orderId} (${order.state}): ${rule}`),
  );
}

/** Each acknowledged request is in the logs, and is answered once at most. */
function judgeRequests(world: OrderWorld, replicas: OrderReplicas): void {
  const events = orderHistory(replicas).map(({ entry }) => entry.event);
  for (const { operationId } of world.acknowledged.filter(({ orderId }) => orderId === replicas.orderId)) {
    const asked = events.filter((event) => isRequest(event) && event.operationId === operationId);
    const answers = events.filter((event) => answeredRequest(event) === operationId);
    if (asked.length === 0 || answers.length > 1) {
      world.faults.push(`${operationId}: asked ${asked.length} times, answered ${answers.length} times`);
    }
  }
}

/** Nothing is ordered in two generations, and what was ordered is live in no region's cart. */
function judgeCarts(world: OrderWorld): void {
  const ordered = ordersIn(world).flatMap((replicas) =>
    committedIn(replicas).flatMap(({ origin }) => [...(replicas.placed.get(origin)?.operations ?? [])]),
  );
  if (new Set(ordered).size < ordered.length) {
    world.faults.push("something is ordered in two generations");
  }
  for (const region of world.regions.regions) {
    const live = liveOperations(world.regions.cart(region));
    if (ordered.some((id) => live.has(id))) {
      world.faults.push(`${region.origin}: its cart shows what was ordered`);
    }
  }
}

/** Where a schedule ended, by order. */
export type Ends = ReadonlyMap<OrderId, Order>;

/** What holds once nobody has anything to do. */
export function judgeOrdersEnd(world: OrderWorld): Ends {
  const ends = new Map<OrderId, Order>();
  for (const replicas of ordersIn(world)) {
    const sight = viewOrder(replicas);
    if (sight.type !== "order") {
      world.faults.push(`${replicas.orderId} is incomplete`);
      continue;
    }
    ends.set(replicas.orderId, sight.order);
    judgeEnd(world, replicas, sight.order);
    judgeRequests(world, replicas);
    for (const region of world.regions.regions) {
      const { step } = intendStep(world, region, replicas.orderId);
      if (step.type !== "nothing") {
        world.faults.push(`${region.origin} has something left to do: ${step.type}`);
      }
      const seen = viewOrder(world.regions.order(region, replicas.orderId));
      if (canonicalText(seen) !== canonicalText(sight)) {
        world.faults.push(`${region.origin} shows another order`);
      }
    }
  }
  judgeStock(world);
  judgeCarts(world);
  return ends;
}
