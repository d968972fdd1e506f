import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { compareVectors, covers, mergeVectors } from "../clock/version-vector.ts";
import type { StoredItem } from "../items/item.ts";
import { canonicalText } from "../testing/item-changes.ts";
import { orderOf, orderOp, orderRegionNames } from "../testing/order-data.ts";
import { orderHistory } from "../testing/order-history.ts";
import { anyOrderSchedule } from "../testing/order-steps.ts";
import { playOrders } from "../testing/order-world.ts";
import { type LogEntry, type OrderFact, releaseReasons } from "./events.ts";
import { moveOrder, type OrderState, orderMachine } from "./machine.ts";
import { viewOrder } from "./order.ts";
import { orderPartition } from "./placed-item.ts";
import { placementProgress } from "./progress.ts";
import {
  mergeOrderReplicas,
  noOrderReplicas,
  type OrderReplicas,
  orderVector,
  readOrderReplicas,
} from "./replicas.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

const orderId = orderOf(0);

function replicasOf(items: readonly StoredItem[]): OrderReplicas {
  const read = readOrderReplicas(orderId, items);
  if (!read.ok) {
    throw new Error(JSON.stringify(read.error));
  }
  return read.value;
}

/** What can be told from a sight: the order and its history. */
const shown = (replicas: OrderReplicas) => canonicalText([viewOrder(replicas), orderHistory(replicas)]);

const byText = (a: readonly unknown[], b: readonly unknown[]) =>
  canonicalText(a) < canonicalText(b) ? -1 : 1;
const entries = (map: ReadonlyMap<unknown, unknown>) => [...map].sort(byText);

/** All that a sight holds, whatever the order in which it came. */
function held({ logs, ...others }: OrderReplicas): string {
  const maps = [others.placed, others.witnesses, others.allocations].map(entries);
  return canonicalText([maps, [...logs].map(([origin, log]) => [origin, entries(log)]).sort(byText)]);
}

/** Of each region's allocation the state with the highest counter, `us-east-1#1 3`. */
function newestAllocations(items: readonly StoredItem[]): readonly string[] {
  const counters = new Map<string, number>();
  for (const item of items.filter(({ sk }) => sk.startsWith("ALLOC#"))) {
    const origin = item.sk.slice("ALLOC#".length, -"#0".length);
    counters.set(origin, Math.max(counters.get(origin) ?? 0, Number(item["v"])));
  }
  return [...counters].map(([origin, counter]) => `${origin} ${counter}`).sort();
}

/** Any choice of the states that the order's items ever had, in any order, repeats and older ones included. */
const anyPart = (versions: readonly StoredItem[]) =>
  fc.oneof(fc.shuffledSubarray([...versions]), fc.array(fc.constantFrom(...versions), { maxLength: 20 }));

type Part = readonly StoredItem[];

async function withParts(check: (a: Part, b: Part, c: Part) => void, runs = 40): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyOrderSchedule, fc.integer(), async (schedule, seed) => {
      const world = await playOrders(schedule);
      const versions = [...world.versions.values()].filter(({ pk }) => pk === orderPartition(orderId));
      const part = anyPart(versions);
      fc.assert(
        fc.property(part, part, part, (a, b, c) => {
          check(a, b, c);
        }),
        { seed, numRuns: 10 },
      );
    }),
    { numRuns: runs },
  );
}

/** States that the machine can reach from one. */
function reachable(from: OrderState): ReadonlySet<OrderState> {
  const found = new Set([from]);
  for (const state of found) {
    for (const next of Object.values(orderMachine[state])) {
      found.add(next);
    }
  }
  return found;
}

describe("what is seen of an order's partition", () => {
  test("joins idempotently, commutatively, associatively, from nothing, and as reading all at once does", async () => {
    await withParts((a, b, c) => {
      const [x, y, z] = [replicasOf(a), replicasOf(b), replicasOf(c)];
      const all = mergeOrderReplicas(mergeOrderReplicas(x, y), z);
      expect(held(mergeOrderReplicas(x, x))).toBe(held(x));
      expect(held(mergeOrderReplicas(x, noOrderReplicas(orderId)))).toBe(held(x));
      expect(held(mergeOrderReplicas(x, y))).toBe(held(mergeOrderReplicas(y, x)));
      expect(held(all)).toBe(held(mergeOrderReplicas(x, mergeOrderReplicas(y, z))));
      expect(held(all)).toBe(held(replicasOf([...c, ...a, ...b])));
      expect(shown(all)).toBe(shown(replicasOf([...b, ...c, ...a].reverse())));
      expect(newestAllocations([...a, ...b, ...c])).toEqual(
        [...all.allocations.values()].map(({ origin, counter }) => `${origin} ${counter}`).sort(),
      );
    });
  });

  test("only grows: the vector covers both sides, and the state goes on as the machine allows", async () => {
    await withParts((a, b) => {
      const [x, y] = [replicasOf(a), replicasOf(b)];
      const merged = mergeOrderReplicas(x, y);
      expect(covers(orderVector(merged), mergeVectors(orderVector(x), orderVector(y)))).toBe(true);
      const [before, after] = [viewOrder(x), viewOrder(merged)];
      if (before.type === "order") {
        expect(after.type).toBe("order");
        expect(reachable(before.order.state)).toContain(
          after.type === "order" ? after.order.state : undefined,
        );
        expect(before.order.owner ?? (after.type === "order" ? after.order.owner : undefined)).toBe(
          after.type === "order" ? after.order.owner : undefined,
        );
      }
    });
  });

  test("is shown as its vector says: equal vectors mean equal orders and histories", async () => {
    const seen = { equal: 0, orders: 0 };
    await withParts((a, b, c) => {
      const [x, y] = [replicasOf(a), replicasOf([...a, ...b.slice(0, 2)])];
      const z = replicasOf(c);
      for (const [left, right] of [
        [x, y],
        [y, z],
        [x, z],
      ] as const) {
        if (compareVectors(orderVector(left), orderVector(right)) === "equal") {
          seen.equal += 1;
          seen.orders += viewOrder(left).type === "order" ? 1 : 0;
          expect(shown(left)).toBe(shown(right));
        }
      }
    }, 60);
    // vectors that are never equal would prove nothing
    expect(seen.orders).toBeGreaterThan(50);
  });
});

const anyFact: fc.Arbitrary<OrderFact> = fc.oneof(
  fc.constantFrom<OrderFact>(
    { type: "placed" },
    { type: "authorized" },
    { type: "declined", code: "insufficient_funds" },
    { type: "committed" },
    { type: "captured" },
    { type: "voided" },
    { type: "cart-ended", outcome: "ordered" },
    { type: "cart-ended", outcome: "failed" },
    { type: "refunded" },
    { type: "rejected", request: orderOp(7), reason: "too-late" },
  ),
  fc.constantFrom(...releaseReasons).map((reason): OrderFact => ({ type: "released", reason })),
  fc
    .constantFrom(...orderRegionNames)
    .map((winner): OrderFact => ({ type: "claimed", winner, paymentId: "pay_1" })),
  fc
    .constantFrom("cancelled" as const, "shipped" as const, "delivered" as const, "returned" as const)
    .map((type): OrderFact => ({ type, request: orderOp(8) })),
);

describe("any log at all", () => {
  test("moves as the machine says, refused entries change nothing, and units change once", () => {
    const [origin] = orderRegionNames;
    if (origin === undefined) {
      throw new Error("unreachable");
    }
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), fc.constantFrom(0, 100), (facts, totalMinor) => {
        const log = facts.map(
          (event, index): LogEntry => ({
            orderId,
            origin,
            number: index + 1,
            stamp: { ms: index, counter: 0, origin },
            atMs: 0,
            event,
          }),
        );
        const moved = facts.filter((fact, index) => {
          const before = placementProgress(log.slice(0, index), { origin, totalMinor });
          const after = placementProgress(log.slice(0, index + 1), { origin, totalMinor });
          const again =
            before.allocation !== "held" && (fact.type === "committed" || fact.type === "released");
          const next = again ? undefined : moveOrder(before.state, fact, totalMinor === 0);
          expect(after.state).toBe(fact.type === "placed" ? before.state : (next ?? before.state));
          expect(next === undefined ? canonicalText(after) : "").toBe(
            next === undefined ? canonicalText(before) : "",
          );
          return before.allocation !== after.allocation;
        });
        expect(moved.length).toBeLessThanOrEqual(1);
      }),
      {
        numRuns: 2_000,
        // sold, called off, and given back: the machine alone would let units go twice
        examples: [
          [
            [
              { type: "committed" },
              { type: "cancelled", request: orderOp(8) },
              { type: "released", reason: "cancelled" },
            ],
            0,
          ],
        ],
      },
    );
  });
});
