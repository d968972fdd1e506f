import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, placedIn } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
});

describe("a checkout with another cart's token", () => {
  test.each([
    ["of this region", "us-east-1#1:9", {}],
    ["of another region, which answers", "eu-west-1#1:9", {}],
    ["wanted strictly", "eu-west-1#1:9", { Prefer: "consistency=strict" }],
    ["beside what cannot be read", "eu-west-1#1:9;ap-south-1#1:4", {}],
  ])("is told so, and sent to no region: %s", async (_what, token, prefer) => {
    const cart = await filledCart(us);
    world.cut("us-east-1", "ap-south-1");
    const headers = { "Consistency-Token": token, ...prefer };
    const refused = await expectProblem(await buy(us, cart, { headers }), 422, "token-of-another");
    expect(refused).toMatchObject({ neverMade: { [token.slice(0, token.indexOf(":"))]: 9 } });
    expect(refused).not.toHaveProperty("regions");
  });

  test("buys what the region sees, when that is enough", async () => {
    const cart = await filledCart(us);
    const headers = { "Consistency-Token": "us-east-1#1:9" };
    await placedIn(await buy(us, cart, { headers, body: { acceptPartial: true } }));
  });

  test("may be right of another life of a region, which was not asked", async () => {
    const cart = await filledCart(us);
    const headers = { "Consistency-Token": "eu-west-1#2:9" };
    await expectProblem(await buy(us, cart, { headers }), 409, "cart-not-covered");
  });

  test("of a region that this shop has not is sent to no such region", async () => {
    const cart = await filledCart(us);
    const headers = { "Consistency-Token": "sa-east-1#1:9" };
    const refused = await expectProblem(await buy(us, cart, { headers }), 409, "cart-not-covered");
    expect(refused).toMatchObject({ missing: { "sa-east-1#1": 9 }, regions: [] });
  });
});
