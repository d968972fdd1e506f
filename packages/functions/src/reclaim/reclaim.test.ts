import type { Origin } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { fence } from "../control/fence.ts";
import { buy, deliverTo, filledCart, totals } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { startMs } from "../testing/test-world.ts";
import { createReclaim } from "./create-reclaim.ts";

const plenty = () => 300_000;
const lostRegion = "us-east-1";
const lost = { origin: "us-east-1#1" };

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop(lostRegion);
  eu = world.shop("eu-west-1");
  await world.beat();
  await deliverTo(us, "LAMP", 10);
  await deliverTo(us, "TENT", 3);
  await world.replicate();
});

function lose(): void {
  for (const region of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
    world.cut(lostRegion, region);
  }
}

const survivors = () => world.shops.filter((shop) => shop !== us);
const reclaim = (shop: TestShop, event: unknown = lost, timeLeftMs = plenty) =>
  createReclaim(shop.deps)(event, timeLeftMs);

/** One unit of a SKU, delivered to the lost region. */
const cellOfLost = (sku: string) => ({
  pk: `SKU#${sku}`,
  sk: "CELL#us-east-1#1#0",
  v: 1,
  restocked: 1,
  available: 1,
  touchedAt: startMs,
});

/** Time for so many looks at the clock. */
function timeFor(looks: number): () => number {
  let left = looks;
  return () => {
    left -= 1;
    return left >= 0 ? 300_000 : 0;
  };
}

async function waitOut(): Promise<void> {
  world.clock.advance(12 * 3_600_000 + 10 * 60_000);
  await world.beat();
}

describe("reclaiming", () => {
  test("waits for the lease, then takes what was left, once", async () => {
    expect((await buy(us, await filledCart(us))).status).toBe(201);
    await world.replicate();
    lose();
    const waiting = await reclaim(eu);
    expect(waiting).toMatchObject({ type: "waiting" });
    expect(await reclaim(eu)).toEqual(waiting);
    await waitOut();
    expect(await reclaim(eu)).toEqual({ type: "done", units: 12, skus: 2 });
    expect(await reclaim(eu)).toEqual({ type: "done", units: 0, skus: 0 });
    const sums = await totals(survivors());
    expect(sums).toMatchObject({ sold: 0, held: 0, available: 9 });
    expect((await buy(eu, await filledCart(eu))).status).toBe(201);
  });

  test("names one reclaimer: a second region is refused", async () => {
    lose();
    expect(await reclaim(eu)).toMatchObject({ type: "waiting" });
    expect(await reclaim(world.shop("ap-south-1"))).toEqual({
      type: "refused",
      reason: "fenced-for-another",
      detail: { region: "ap-south-1", reclaimer: "eu-west-1#1" },
    });
  });

  test("fences nobody where its own replica knows another reclaimer, or its own end", async () => {
    const ap = world.shop("ap-south-1");
    const step = { lost: "us-east-1#1" as Origin, reclaimer: "eu-west-1#1" as Origin };
    await fence(ap.deps, step);
    expect(await reclaim(ap)).toMatchObject({ reason: "fenced-for-another" });
    await fence(world.shop("ap-east-1").deps, {
      lost: "eu-west-1#1" as Origin,
      reclaimer: "ap-east-1#1" as Origin,
    });
    await world.replicate();
    expect(await reclaim(eu)).toMatchObject({ reason: "reclaimer-fenced" });
    const fences = (shop: TestShop) =>
      shop.items
        .dump("Control")
        .filter(({ sk, pk }) => sk === "FENCES" && pk.includes(shop.deployment.region));
    expect(fences(eu)).toEqual([]);
    expect(Object.keys(fences(world.shop("ap-east-1"))[0] ?? {})).not.toContain("f#us-east-1#1");
  });

  test("logs each fence, each SKU's units and each refusal", async () => {
    lose();
    await reclaim(eu);
    await reclaim(world.shop("ap-south-1"));
    await waitOut();
    await reclaim(eu);
    await reclaim(eu);
    const said = (shop: TestShop) => shop.log.entries.filter(({ level }) => level === "warn");
    const fenced = { message: "region fenced, for good", lost: "us-east-1#1", reclaimer: "eu-west-1#1" };
    for (const shop of survivors()) {
      expect(said(shop).filter(({ message }) => message === fenced.message)).toEqual([
        { level: "warn", ...fenced },
      ]);
    }
    const units = { level: "warn", message: "units reclaimed", lost: "us-east-1#1" };
    expect(said(eu).filter(({ message }) => message === units.message)).toEqual([
      { ...units, sku: "LAMP", units: 10, byCell: { "us-east-1#1#0": 10 } },
      { ...units, sku: "TENT", units: 3, byCell: { "us-east-1#1#0": 3 } },
    ]);
    expect(said(world.shop("ap-south-1"))).toContainEqual(
      expect.objectContaining({
        message: "reclaiming is refused",
        reason: "fenced-for-another",
        request: lost,
      }),
    );
  });

  test("needs every other region", async () => {
    lose();
    world.cut("eu-west-1", "ap-east-1");
    expect(await reclaim(eu)).toMatchObject({ type: "refused", reason: "peer-away" });
  });

  test("leaves to its orders what the lost region had sold and a second region knows", async () => {
    await world.replicate();
    lose();
    world.heal();
    const cart = await filledCart(us);
    world.cut(lostRegion, "ap-south-1");
    world.cut(lostRegion, "ap-east-1");
    const { status } = await buy(us, cart, { body: { durability: "two-regions" } });
    expect(status).toBe(201); // its cells never reach anybody
    lose();
    await reclaim(eu);
    await waitOut();
    expect(await reclaim(eu)).toEqual({ type: "done", units: 12, skus: 2 });
  });

  test("goes on behind the SKUs that it had done when its time was over", async () => {
    const more = Array.from({ length: 9 }, (_, number) => `MORE-${number}`);
    for (const { items } of world.shops) {
      items.load("Stock", more.map(cellOfLost));
    }
    lose();
    await reclaim(eu);
    await waitOut();
    const first = await reclaim(eu, lost, timeFor(3)); // Stock, Orders, and eight SKUs
    expect(first).toMatchObject({ type: "more", units: 10 + 7, skus: 8 });
    const after = first.type === "more" ? first.after : undefined;
    expect(after).toEqual({ pk: "SKU#MORE-6", sk: "CELL#us-east-1#1#0" });
    expect(await reclaim(eu, { ...lost, after }, timeFor(3))).toEqual({
      type: "done",
      units: 3 + 2,
      skus: 3,
    });
    expect(await totals(survivors())).toMatchObject({ available: 10 });
    expect(await totals(survivors(), "TENT")).toMatchObject({ available: 3 });
  });

  test("says which SKU could not be read, and leaves it for another run", async () => {
    lose();
    await reclaim(eu);
    await waitOut();
    const cell = cellOfLost("MORE-1");
    const own = { ...cell, sk: "CELL#eu-west-1#1#0" };
    eu.items.load("Stock", [cell, { ...own, available: "many" }]);
    const { items } = world.shop("ap-east-1");
    expect(await reclaim(eu)).toMatchObject({
      type: "refused",
      reason: "item-not-understood",
      detail: { sku: "MORE-1", cause: { attribute: "available" } },
    });
    eu.items.load("Stock", [own]);
    items.failNext("Query Stock", { type: "throttled", operation: "Query Stock" });
    expect(await reclaim(eu)).toMatchObject({ reason: "throttled", detail: { sku: "LAMP" } });
    expect(await reclaim(eu)).toEqual({ type: "done", units: 0, skus: 0 });
    expect(await totals(survivors())).toMatchObject({ available: 10 });
    expect(await totals([eu], "MORE-1")).toMatchObject({ available: 2 });
  });

  test.each([
    [0, "looking through Stock"],
    [1, "looking through Orders"],
    [2, "no time for a single SKU"],
  ])("says that the function's time is too short, where it ends after %i steps", async (steps, what) => {
    lose();
    await reclaim(eu);
    await waitOut();
    expect(await reclaim(eu, lost, timeFor(steps))).toMatchObject({
      type: "refused",
      reason: "not-enough-time",
      detail: { what: expect.stringContaining(what), advice: expect.stringContaining("infra/reclaim.ts") },
    });
    expect(await totals(survivors())).toMatchObject({ available: 0 });
  });

  test("fences no region that nobody has seen, and one that was removed since", async () => {
    const lostForLong = "sa-east-1#1";
    const fences = () =>
      survivors().flatMap(({ items }) => items.dump("Control").filter(({ sk }) => sk === "FENCES"));
    expect(await reclaim(eu, { origin: lostForLong })).toEqual({
      type: "refused",
      reason: "never-seen",
      detail: { origin: lostForLong },
    });
    expect(fences()).toEqual([]);
    eu.items.load("Control", [
      { pk: `REGION#${lostForLong}`, sk: "HEARTBEAT", v: 1, beat: 1, at: 1, touchedAt: 1 },
    ]);
    expect(await reclaim(eu, { origin: lostForLong })).toMatchObject({ type: "waiting" });
  });

  test("fences no life of a region that has not begun", async () => {
    lose();
    expect(await reclaim(eu, { origin: "us-east-1#2" })).toEqual({
      type: "refused",
      reason: "life-to-come",
      detail: { origin: "us-east-1#2", current: "us-east-1#1" },
    });
    expect(
      survivors().flatMap(({ items }) => items.dump("Control").filter(({ sk }) => sk === "FENCES")),
    ).toEqual([]);
  });

  test("does not understand everything", async () => {
    expect(await reclaim(eu, {})).toMatchObject({ type: "refused", reason: "malformed-request" });
    expect(await reclaim(eu, { origin: "eu-west-1#1" })).toMatchObject({ type: "refused" });
  });
});

test("a region that was fenced never sells again, though it is heard", async () => {
  lose();
  await reclaim(eu);
  world.heal();
  await world.beat();
  await world.beat();
  world.clock.advance(61_000);
  await expectProblem(await buy(us, await filledCart(us)), 503, "not-selling");
});
