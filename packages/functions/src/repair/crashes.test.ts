import { describe, expect, test } from "vitest";
import { createCheckout } from "../checkout/create-checkout.ts";
import { type Buying, buy, deliverTo, filledCart, newKey, oneLamp, totals } from "../testing/buyer.ts";
import { type CrashPlan, createCrashing } from "../testing/crashing.ts";
import { add, linesOf, type Opened, read } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createRepair } from "./create-repair.ts";

/** The same region's shop as an instance that dies where the plan says. */
function dying(shop: TestShop, plan: CrashPlan | undefined) {
  const crashing = createCrashing(plan);
  const deps = {
    ...shop.deps,
    items: crashing.wrap(shop.deps.items),
    payments: crashing.wrap(shop.deps.payments),
    peers: crashing.wrap(shop.deps.peers),
  };
  return { ...shop, checkout: createCheckout(deps), crashing };
}

const minutesMax = 25; // beyond a hold's end, with what comes after it

const isOpen = ({ items }: TestShop) => items.dump("Orders").some((item) => "openBy" in item);

/** What repair does by itself until nothing is left to do. */
async function repairAll(world: TestShops): Promise<void> {
  for (let minute = 0; minute < minutesMax && world.shops.some(isOpen); minute += 1) {
    world.clock.advance(60_000);
    for (const { deps } of world.shops) {
      const summary = await createRepair(deps)(() => 55_000);
      expect(summary.ok).toBe(true);
    }
    await world.replicate();
  }
}

interface Scenario {
  readonly name: string;
  readonly buying?: Buying;
  /** Before the checkout that dies. */
  readonly before?: (world: TestShops, cart: Opened) => Promise<void>;
  readonly unitMinor?: number;
}

const scenarios: readonly Scenario[] = [
  { name: "a checkout" },
  { name: "a checkout with a witness", buying: { body: { durability: "two-regions" } } },
  { name: "a checkout that is declined", buying: { method: "pm_card_visa_chargeDeclined" } },
  {
    name: "a checkout that has lost",
    before: async (world, cart) => {
      const [us, eu] = [world.shop("us-east-1"), world.shop("eu-west-1")];
      world.cut("us-east-1", "eu-west-1");
      expect((await buy(eu, cart)).status).toBe(201);
      expect(us.items.dump("Orders")).toEqual([]);
    },
  },
];

async function play(scenario: Scenario, plan: CrashPlan | undefined) {
  const world = createTestShops();
  await world.beat();
  const us = world.shop("us-east-1");
  await deliverTo(us, "LAMP", 5);
  await deliverTo(world.shop("eu-west-1"), "LAMP", 5);
  const cart = await filledCart(us);
  await world.replicate();
  await scenario.before?.(world, cart);
  const shop = dying(us, plan);
  const key = newKey(us);
  const answer = await buy(shop, cart, { key, ...scenario.buying });
  world.heal();
  await world.replicate();
  await repairAll(world);
  return { world, us, cart, key, shop, answer };
}

/** What must hold in the end, wherever the instance died. */
async function judge(world: TestShops, cart: Opened): Promise<{ sold: number; charged: number }> {
  const { restocked, sold, held, available, inFlight } = await totals(world.shops);
  expect({ restocked, held, all: sold + available + inFlight }).toEqual({ restocked: 10, held: 0, all: 10 });
  const ledger = world.payments.ledger();
  expect(ledger.length).toBeLessThanOrEqual(1);
  const charged = ledger.filter(({ captures }) => captures > 0).length;
  expect(charged).toBe(sold);
  expect(ledger.every(({ payment }) => payment.status === "captured" || payment.status === "cancelled")).toBe(
    true,
  );
  for (const shop of world.shops) {
    expect(shop.items.dump("Orders").filter((item) => "openBy" in item)).toEqual([]);
    expect(await linesOf(await read(shop, cart))).toEqual(sold > 0 ? [] : [{ sku: "LAMP", quantity: 1 }]);
  }
  return { sold, charged };
}

describe.each(scenarios)("$name that dies", (scenario) => {
  test("at any call, before it or after, is brought to its end by repair", async () => {
    const whole = await play(scenario, undefined);
    const outcome = await judge(whole.world, whole.cart);
    const calls = whole.shop.crashing.calls();
    expect(calls).toBeGreaterThan(6);
    const died = new Set<string>();
    let notPlaced = 0;
    for (let at = 1; at <= calls; at += 1) {
      for (const when of ["before", "after"] as const) {
        const { world, cart, shop } = await play(scenario, { at, when });
        died.add(shop.crashing.diedAt() ?? "nowhere");
        const end = await judge(world, cart);
        const placed = shop.items.dump("Orders").some(({ sk }) => sk === "PLACED#us-east-1#1");
        notPlaced += placed ? 0 : 1;
        // what was placed ends as it would have: repair goes on where the instance stopped
        expect(placed || scenario.before ? end : outcome, shop.crashing.diedAt()).toEqual(outcome);
      }
    }
    expect(died.has("nowhere")).toBe(false);
    expect(died.size).toBeGreaterThan(6);
    expect(notPlaced).toBeGreaterThan(0);
  });
});

test("a retry after a crash, here or elsewhere, is the same order and the same charge", async () => {
  const whole = await play({ name: "" }, undefined);
  for (let at = 1; at <= whole.shop.crashing.calls(); at += 1) {
    const world = createTestShops();
    await world.beat();
    const us = world.shop("us-east-1");
    await deliverTo(us, "LAMP", 5);
    const cart = await filledCart(us);
    await world.replicate();
    const key = newKey(us);
    await buy(dying(us, { at, when: "after" }), cart, { key });
    await world.replicate();
    const elsewhere = at % 2 === 0 ? world.shop("ap-east-1") : us;
    const retried = await buy(elsewhere, cart, { key });
    expect([201, 202]).toContain(retried.status);
    await world.replicate();
    await repairAll(world);
    const { sold, held } = await totals(world.shops);
    expect({ sold, held }).toEqual({ sold: 1, held: 0 });
    expect(world.payments.ledger().map(({ captures }) => captures)).toEqual([1]);
    expect((await buy(us, cart, { key })).status).toBe(201);
  }
});

test("a hold that is over goes back when the provider never answered, and the cart can be bought again", async () => {
  const world = createTestShops();
  await world.beat();
  const us = world.shop("us-east-1");
  await deliverTo(us, "LAMP", 1);
  const cart = await filledCart(us);
  world.payments.faultWith(() => ({ lost: "request" }));
  expect((await buy(us, cart)).status).toBe(202);
  expect(await totals(world.shops)).toMatchObject({ held: 1, available: 0 });
  await repairAll(world);
  expect(await totals(world.shops)).toMatchObject({ held: 0, available: 1 });
  world.payments.faultWith(() => undefined);
  await repairAll(world);
  await add(us, cart, { sku: "LAMP" });
  const lines = [{ ...oneLamp, quantity: 2 }];
  await deliverTo(us, "LAMP", 1);
  expect((await buy(us, cart, { lines })).status).toBe(201);
  expect(world.payments.ledger().filter(({ captures }) => captures > 0)).toHaveLength(1);
});
