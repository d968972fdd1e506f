import type { Origin } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { fence } from "../control/fence.ts";
import { buy, deliverTo, filledCart } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { availabilitySchema } from "./routes/stock/contract.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  await deliverTo(us, "LAMP", 5);
  await deliverTo(eu, "LAMP", 3);
});

async function giveUp(lost: string): Promise<void> {
  await world.beat();
  const step = { lost: lost as Origin, reclaimer: "ap-south-1#1" as Origin };
  await fence(world.shop("ap-east-1").deps, step);
  await world.replicate();
  world.clock.advance(60_000); // as long as functions keep their rights
}

const stockIn = async ({ checkout }: TestShop) =>
  availabilitySchema.parse(await (await checkout.request("/v1/stock/LAMP")).json());

describe("a checkout in a region that does not sell", () => {
  test("may come again after a heartbeat, where nobody has heard the region", async () => {
    const response = await buy(us, await filledCart(us));
    expect(response.headers.get("retry-after")).toBe("60");
    expect(await expectProblem(response, 503, "not-selling")).toMatchObject({ selling: "no-lease" });
  });

  test("is sent elsewhere, where the region was given up", async () => {
    await giveUp("us-east-1#1");
    const response = await buy(us, await filledCart(us));
    expect(response.headers.has("retry-after")).toBe(false);
    expect(await expectProblem(response, 503, "not-selling")).toMatchObject({
      selling: "fenced",
      detail: expect.stringContaining("Check out in another"),
    });
  });
});

describe("what may be sold", () => {
  test("is what the regions hold, where they sell", async () => {
    await world.beat();
    world.clock.advance(1_000); // a region without a lease looks again after a second
    expect(await stockIn(us)).toEqual({ sku: "LAMP", here: 5, elsewhere: 3, selling: "yes" });
  });

  test("is nothing here while nobody has heard the region", async () => {
    await world.replicate();
    expect(await stockIn(us)).toEqual({ sku: "LAMP", here: 0, elsewhere: 3, selling: "no-lease" });
  });

  test("is nothing of a region that was given up, here or elsewhere", async () => {
    await giveUp("us-east-1#1");
    expect(await stockIn(us)).toEqual({ sku: "LAMP", here: 0, elsewhere: 3, selling: "fenced" });
    expect(await stockIn(eu)).toEqual({ sku: "LAMP", here: 3, elsewhere: 0, selling: "yes" });
  });

  test("is shown also while nobody can say who sells it", async () => {
    await world.replicate();
    us.items.failNext("Query Control", { type: "unavailable", operation: "", reason: "" }, { times: 4 });
    world.clock.advance(60_000);
    expect(await stockIn(us)).toEqual({ sku: "LAMP", here: 5, elsewhere: 3, selling: "unknown" });
  });
});
