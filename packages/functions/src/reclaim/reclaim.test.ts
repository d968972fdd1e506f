import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, totals } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
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
    expect(await reclaim(world.shop("ap-south-1"))).toMatchObject({
      type: "refused",
      reason: "fenced-for-another",
    });
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

  test("goes on where its time was over", async () => {
    lose();
    await reclaim(eu);
    await waitOut();
    let left = 4;
    const first = await reclaim(eu, lost, () => {
      left -= 1;
      return left > 2 ? 300_000 : 0;
    });
    expect(first).toMatchObject({ type: "more" });
    const after = first.type === "more" ? first.after : undefined;
    expect(await reclaim(eu, { ...lost, after })).toMatchObject({ type: "done" });
    expect(await totals(survivors())).toMatchObject({ available: 10 });
    expect(await totals(survivors(), "TENT")).toMatchObject({ available: 3 });
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
