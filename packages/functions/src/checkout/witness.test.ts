import { ok, type StorageError } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { Peers } from "../peer/peers.ts";
import { leaveSilentPeers } from "../platform/leave-away-peers.ts";
import { buy, deliverTo, filledCart, newKey, placedIn } from "../testing/buyer.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createCheckout } from "./create-checkout.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
  await deliverTo(us, "LAMP", 5);
});

/** The region's peers; once one of them has answered, the region's own store fails so often. */
function failing(
  { deps, items }: TestShop,
  operation: string,
  error: StorageError,
  times = 1,
  after = false,
): Peers {
  return {
    async ask(...asked) {
      const answer = await deps.peers.ask(...asked);
      items.failNext(operation, error, { times, after });
      return answer;
    },
  };
}

describe("where the witness answered and it cannot be written down here", () => {
  const lost = { type: "unavailable" as const, operation: "", reason: "away" };
  const witnessed = { durability: "two-regions" };

  test.each([
    ["written", "PutItem Orders"],
    ["read before", "Query Orders"],
  ])("is not said, and the order goes on: not %s", async (_what, operation) => {
    const cart = await filledCart(us);
    const key = newKey(us);
    const buying = buy(
      {
        ...us,
        checkout: createCheckout({ ...us.deps, peers: failing(us, operation, lost) }),
      },
      cart,
      { key, body: witnessed },
    );
    const { order } = await placedIn(await buying);
    expect(order).toMatchObject({ durability: "one-region", state: "paid" });
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({ message: "a witness is not recorded", orderId: order.id, cause: lost }),
    );
    const again = await placedIn(await buy(us, cart, { key, body: witnessed }));
    expect(again.order).toMatchObject({ durability: "two-regions", state: "paid" });
  });

  test("waits after each try that met other writers, and is said once it is written", async () => {
    const waits: number[] = [];
    const deps = {
      ...us.deps,
      peers: failing(us, "PutItem Orders", { type: "contended", operation: "" }, 2),
      delay: async (ms: number) => {
        waits.push(ms);
      },
    };
    const shop = { ...us, checkout: createCheckout(deps) };
    const { order } = await placedIn(await buy(shop, await filledCart(us), { body: witnessed }));
    expect(order).toMatchObject({ durability: "two-regions", state: "paid" });
    expect(waits).toEqual([20, 40]);
  });

  test("is written once, though the answer to the first try was lost", async () => {
    const refusing = failing(us, "PutItem Orders", { type: "contended", operation: "" }, 1, true);
    const shop = { ...us, checkout: createCheckout({ ...us.deps, peers: refusing }) };
    const { order } = await placedIn(await buy(shop, await filledCart(us), { body: witnessed }));
    expect(order).toMatchObject({ durability: "two-regions", state: "paid" });
    expect(us.items.dump("Orders").filter((item) => item["type"] === "witnessed")).toHaveLength(1);
  });
});

describe("where the region does not read what it has just placed", () => {
  /** The shop whose orders are gone from the moment that a peer was asked, or its payment, and then a write fails. */
  function forgetting({ deps }: TestShop): TestShop {
    let isGone = false;
    const queryPartition: typeof deps.items.queryPartition = async (table, pk) =>
      isGone && table === "Orders" ? ok([]) : deps.items.queryPartition(table, pk);
    const peers: Peers = {
      async ask(...asked) {
        isGone = true;
        return deps.peers.ask(...asked);
      },
    };
    const claim: typeof deps.payments.claim = (claimed) => {
      isGone = true;
      us.items.failNext("PutItem Orders", {
        type: "unavailable",
        operation: "PutItem Orders",
        reason: "away",
      });
      return deps.payments.claim(claimed);
    };
    const items = { ...deps.items, queryPartition };
    const payments = { ...deps.payments, claim };
    return { ...us, checkout: createCheckout({ ...deps, items, peers, payments }) };
  }

  test.each([
    ["after its steps", "two-regions"],
    ["after a step that failed", "one-region"],
  ])("it is the region's own failure: %s", async (_when, durability) => {
    const cart = await filledCart(us);
    const key = newKey(us);
    const answer = await buy(forgetting(us), cart, { key, body: { durability } });
    await expectProblem(answer, 503, "unavailable");
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", message: "unavailable", cause: expect.anything() }),
    );
    expect((await placedIn(await buy(us, cart, { key, body: { durability } }))).order).toMatchObject({
      state: "paid",
    });
  });
});

describe("where the world is cut in halves", () => {
  /** us-east-1, whose peers are left alone once they were silent, and whom of them its checkouts have asked. */
  function leaving({ deps }: TestShop) {
    const asked: string[] = [];
    const peers: Peers = {
      async ask(region, ...rest) {
        asked.push(region);
        return deps.peers.ask(region, ...rest);
      },
    };
    const checkout = createCheckout({ ...deps, peers: leaveSilentPeers(peers, world.clock) });
    return { asked, shop: { ...us, checkout } };
  }

  test("the region that is left keeps the copy, once the two before it are left alone", async () => {
    world.cut("us-east-1", "eu-west-1");
    world.cut("us-east-1", "ap-south-1");
    const { asked, shop } = leaving(us);
    const durabilities: string[] = [];
    for (let orders = 0; orders < 2; orders += 1) {
      const { order } = await placedIn(
        await buy(shop, await filledCart(us), { body: { durability: "two-regions" } }),
      );
      durabilities.push(order.durability);
    }
    expect(durabilities).toEqual(["one-region", "two-regions"]);
    expect(asked).toEqual(["eu-west-1", "ap-south-1", "ap-east-1"]);
  });
});
