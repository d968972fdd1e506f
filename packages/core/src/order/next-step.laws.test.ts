import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { orderHistory } from "../testing/order-history.ts";
import { type Ends, judgeOrdersEnd } from "../testing/order-judges.ts";
import type { OrderWorld } from "../testing/order-scene.ts";
import { anyOrderSchedule } from "../testing/order-steps.ts";
import { playOrders } from "../testing/order-world.ts";

vi.setConfig({ testTimeout: 3_600_000 }); // seconds; an hour for many schedules by hand on a busy machine

/** More by hand: `ORDER_SCHEDULES=50000 npx vitest run packages/core/src/order/next-step.laws.test.ts`. */
const schedules = Number(process.env["ORDER_SCHEDULES"] ?? 500);

/** What makes a schedule worth having been played. */
function marksOf(world: OrderWorld, ends: Ends): ReadonlySet<string> {
  const marks = new Set<string>(world.steps);
  if (world.refusals > 0) {
    marks.add("an instance was too late");
  }
  if ([...ends.values()].some(({ state }) => state === "declined" || state === "expired") && ends.size > 1) {
    marks.add("another generation after one that failed");
  }
  for (const [orderId, order] of ends) {
    marks.add(order.state);
    const events = orderHistory(world.regions.home(orderId)).map(({ entry }) => entry.event.type);
    if (events.includes("cancel-requested") && events.includes("ship-requested")) {
      marks.add(`cancel and ship: ${order.state}`);
    }
    const [first, ...others] = order.placements;
    const totals = order.placements.map(
      ({ origin }) => world.regions.home(orderId).placed.get(origin)?.totalMinor,
    );
    if (new Set(totals).size > 1) {
      marks.add("two placements of different totals");
    }
    if (totals.includes(0)) {
      const won = world.regions.home(orderId).placed.get(order.shown)?.totalMinor === 0;
      marks.add(`what costs nothing: ${won ? order.state : "superseded"}`);
      if (totals.some((total) => total !== 0)) {
        marks.add(`what costs nothing ${won ? "won against" : "lost to"} what does not`);
      }
    }
    if (others.length > 0 && first?.origin !== order.owner) {
      marks.add("the earliest placement lost");
    }
    if (order.placements.some(({ origin, state }) => state === "expired" && origin !== order.owner)) {
      marks.add("a hold that nobody could decide about in time");
    }
    if (order.durability.reached === "two-regions") {
      marks.add("witnessed");
    }
    if (world.provider.accounts.get(orderId)?.authorizeTried === true && order.state === "expired") {
      marks.add("let go of after an attempt");
    }
  }
  return marks;
}

/** A state or turn, and in how many of a thousand schedules at least it has to come up. */
const interesting: Readonly<Record<string, number>> = {
  paid: 100,
  shipped: 40,
  delivered: 4,
  refunded: 15,
  cancelled: 80,
  declined: 50,
  expired: 50,
  "read-payment": 30,
  "cancel-payment": 200,
  "release:superseded": 400,
  "an instance was too late": 20,
  "another generation after one that failed": 20,
  "cancel and ship: cancelled": 15,
  "cancel and ship: shipped": 2,
  "two placements of different totals": 300,
  "what costs nothing: paid": 50,
  "what costs nothing: expired": 10,
  "what costs nothing: cancelled": 20,
  "what costs nothing won against what does not": 100,
  "what costs nothing lost to what does not": 100,
  "the earliest placement lost": 100,
  "a hold that nobody could decide about in time": 2,
  "let go of after an attempt": 2,
  witnessed: 30,
};

describe("any schedule of placements, crashes, lost answers, requests and expiries in three or four regions", () => {
  test("sells at most one placement, takes its money once, and leaves nothing open", async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyOrderSchedule, async (schedule) => {
        const world = await playOrders(schedule);
        const ends = judgeOrdersEnd(world);
        expect(world.faults).toEqual([]);
        for (const mark of marksOf(world, ends)) {
          seen.set(mark, (seen.get(mark) ?? 0) + 1);
        }
      }),
      { numRuns: schedules },
    );
    const counts = Object.keys(interesting).map(
      (mark) => [mark, ((seen.get(mark) ?? 0) * 1_000) / schedules] as const,
    );
    expect(counts.filter(([mark, count]) => count < (interesting[mark] ?? 0))).toEqual([]);
  });
});
