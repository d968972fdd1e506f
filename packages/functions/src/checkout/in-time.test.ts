import { setImmediate } from "node:timers/promises";
import { err, ok, type Payments } from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { buy, deliverTo, filledCart, newKey, oneLamp, placedIn, totals } from "../testing/buyer.ts";
import { expectProblem, read } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";
import { createCheckout } from "./create-checkout.ts";
import type { CheckoutDeps } from "./deps.ts";
import { askMinMs, inTime, peersWithinMs, waitsWithinMs } from "./in-time.ts";

let world: TestShops;
let us: TestShop;

beforeEach(async () => {
  waits = [];
  world = createTestShops();
  us = world.shop("us-east-1");
  await world.beat();
});

interface Wait {
  readonly untilMs: number;
  readonly end: () => void;
}

/** Time that passes only while all wait, and then to where the first wait ends. */
let waits: Wait[];

/** Waits that many ms. */
const pass = (ms: number): Promise<void> =>
  new Promise((end) => waits.push({ untilMs: world.clock.nowMs() + ms, end }));

/** Lets time pass until the work is done, and no longer. */
async function passing<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  for (let turns = 0; !isDone; turns += 1) {
    if (turns > 10_000) {
      throw new Error("it waits for nothing");
    }
    await setImmediate();
    const [first, ...others] = isDone ? [] : waits.toSorted((one, other) => one.untilMs - other.untilMs);
    if (first !== undefined) {
      waits = others;
      world.clock.advance(Math.max(0, first.untilMs - world.clock.nowMs()));
      first.end();
    }
  }
  return work;
}

/** The world as a request that began then may wait for it. */
async function timedDeps(deps: CheckoutDeps, begunMs: number): Promise<CheckoutDeps> {
  const outcome = await inTime(deps, begunMs, async (timed) => ok(timed));
  if (!outcome.ok) {
    throw new Error(outcome.error.detail);
  }
  return outcome.value;
}

/** Far regions, each of which takes all the time that it is given. `isSilent`: and gives no answer then. */
function slowWorld({ deps }: TestShop, isSilent: (region: string, asked: number) => boolean) {
  const questions: string[] = [];
  let asked = 0;
  const peers: typeof deps.peers = {
    async ask(region, request, timeoutMs) {
      asked += 1;
      const silent = isSilent(region, asked);
      questions.push(`${region} ${"type" in request ? request.type : ""} ${timeoutMs}`);
      await pass(timeoutMs);
      return silent
        ? err({ type: "peer-away", region, reason: "AbortError" })
        : deps.peers.ask(region, request, timeoutMs);
    },
  };
  return { questions, deps: { ...deps, peers, timer: pass } };
}

/** A provider that fails after six seconds, whatever it is asked. */
function slowPayments(payments: Payments): Payments {
  const slow = (operation: string) => async () => {
    await pass(6_000);
    return err({ type: "unavailable" as const, operation, reason: "no answer in time" });
  };
  return { ...payments, claim: slow("claim"), read: slow("read"), authorize: slow("authorize") };
}

describe("a checkout that waits for all others", () => {
  const lines = [{ ...oneLamp, quantity: 9 }];
  const wish = { lines, body: { durability: "two-regions" } };

  beforeEach(async () => {
    await deliverTo(us, "LAMP", 1);
    await deliverTo(world.shop("eu-west-1"), "LAMP", 5);
    await deliverTo(world.shop("ap-south-1"), "LAMP", 5);
    await world.replicate();
  });

  test("is answered before its function would end, and a retry goes on with it", async () => {
    // One donor after the other answers at the last moment, then no witness does, then the provider is slow.
    const { questions, deps } = slowWorld(us, (region, asked) => region === "ap-south-1" && asked <= 2);
    const slow = { ...us, checkout: createCheckout({ ...deps, payments: slowPayments(deps.payments) }) };
    const [cart, key, begunMs] = [await filledCart(us, lines), newKey(us), world.clock.nowMs()];
    const answer = await passing(buy(slow, cart, { ...wish, key }));
    expect(world.clock.nowMs() - begunMs).toBeLessThanOrEqual(waitsWithinMs);
    expect(answer.status).toBe(202);
    const { order } = await placedIn(answer);
    expect(order).toMatchObject({ durability: "one-region", state: "placed" });
    expect(questions).toEqual([
      "ap-south-1 grant 5000",
      "eu-west-1 grant 5000",
      "ap-south-1 grant 3000", // what two such waits have left
    ]);
    const again = await placedIn(await buy(us, cart, { ...wish, key }));
    expect(again.order).toMatchObject({ id: order.id, durability: "two-regions", state: "paid" });
    expect(await totals(world.shops)).toMatchObject({ restocked: 11, sold: 9, held: 0 });
  });

  test("is refused in time where the units are with regions that do not answer", async () => {
    const { deps } = slowWorld(us, () => true);
    const begunMs = world.clock.nowMs();
    const cart = await filledCart(us, lines);
    const answer = await passing(buy({ ...us, checkout: createCheckout(deps) }, cart, wish));
    expect([answer.status, await answer.json()]).toMatchObject([
      409,
      { type: "urn:antipode:problem:stock-short", detail: expect.stringContaining("on its way") },
    ]);
    expect(world.clock.nowMs() - begunMs).toBeLessThanOrEqual(peersWithinMs);
    expect(await totals(world.shops)).toMatchObject({ restocked: 11, available: 11, held: 0, sold: 0 });
  });
});

describe("what a request may wait for", () => {
  const key = { pk: "CART#1", sk: "R#eu-west-1#1" };
  const late = (type: string) => ({ ok: false, error: { type, reason: expect.stringContaining("no time") } });

  test("a peer answers within its own bound or the request's, whichever is sooner, and then nobody asks", async () => {
    const bounds: number[] = [];
    const peers: typeof us.deps.peers = {
      async ask(_region, _request, timeoutMs) {
        bounds.push(timeoutMs);
        return ok({});
      },
    };
    const deps = await timedDeps({ ...us.deps, peers }, world.clock.nowMs());
    await deps.peers.ask("eu-west-1", {}, 5_000);
    world.clock.advance(peersWithinMs - 3_000);
    await deps.peers.ask("eu-west-1", {}, 5_000);
    await deps.peers.ask("eu-west-1", {}, 2_000);
    world.clock.advance(3_000 - askMinMs);
    await deps.peers.ask("eu-west-1", {}, 5_000);
    world.clock.advance(1);
    expect(await deps.peers.ask("eu-west-1", {}, 5_000)).toMatchObject(late("peer-away"));
    expect(bounds).toEqual([5_000, 3_000, 2_000, askMinMs]);
  });

  test("a peer's table is read while that can still end in time", async () => {
    const deps = await timedDeps(us.deps, world.clock.nowMs());
    world.clock.advance(peersWithinMs - 1_600);
    expect(await deps.remote.get("eu-west-1", "Carts", key)).toEqual(ok(undefined));
    expect(await deps.remote.queryPartition("eu-west-1", "Orders", "a")).toEqual(ok([]));
    world.clock.advance(1);
    expect(await deps.remote.get("eu-west-1", "Carts", key)).toMatchObject(late("unavailable"));
    expect(await deps.remote.queryPartition("eu-west-1", "Orders", "a")).toMatchObject(late("unavailable"));
    expect(us.remote.reads).toEqual(["eu-west-1 GetItem Carts", "eu-west-1 Query Orders"]);
  });

  test("the provider is waited for after the peers, and left to whoever asks next", async () => {
    let asked = 0;
    const never = () => {
      asked += 1;
      return new Promise<never>(() => {});
    };
    const payments: Payments = {
      claim: never,
      read: never,
      authorize: never,
      capture: never,
      cancel: never,
      refund: never,
      list: never,
    };
    const begunMs = world.clock.nowMs();
    const deps = await timedDeps({ ...us.deps, payments, timer: pass }, begunMs);
    world.clock.advance(peersWithinMs);
    expect(await passing(deps.payments.read("pi_1"))).toMatchObject(late("unavailable"));
    expect([world.clock.nowMs() - begunMs, asked]).toEqual([waitsWithinMs, 1]);
    const attempt = { orderId: "", paymentId: "pi_1", placement: us.deployment.origin } as never;
    for (const change of ["authorize", "capture", "cancel", "refund", "claim"] as const) {
      expect(await deps.payments[change](attempt)).toMatchObject({ error: { operation: change } });
    }
    expect(asked).toBe(1);
  });

  test("an answer that comes in time is the answer", async () => {
    const deps = await timedDeps({ ...us.deps, timer: pass }, world.clock.nowMs());
    expect(await passing(deps.payments.list({ createdSinceMs: 0 }))).toEqual(ok({ payments: [] }));
  });
});

describe("a request whose time the region's own tables have used", () => {
  /** The shop with a region's tables so slow, of which each read takes that long. */
  function withSlowTables({ deps }: TestShop, readMs: number, change: Partial<CheckoutDeps> = {}): TestShop {
    const { items } = deps;
    const queryPartition: typeof items.queryPartition = async (...asked) => {
      await pass(readMs);
      return items.queryPartition(...asked);
    };
    return {
      ...us,
      checkout: createCheckout({ ...deps, items: { ...items, queryPartition }, timer: pass, ...change }),
    };
  }

  const counted = (name: string) => us.measurements.recorded.filter((one) => one.name === name);

  async function seenElsewhere(headers: Readonly<Record<string, string>> = {}) {
    await deliverTo(us, "LAMP", 5);
    await world.replicate();
    const eu = world.shop("eu-west-1");
    const cart = await filledCart(eu);
    const token = (await read(eu, cart)).headers.get("etag") ?? "";
    return { cart, headers: { "Consistency-Token": token, ...headers } };
  }

  test.each([
    ["not-covered", { Prefer: "consistency=strict" }],
    ["cart-not-covered", {}],
  ])("says nothing of a peer that it did not ask: no %s", async (name, strict) => {
    const { cart, headers } = await seenElsewhere(strict);
    const answer = await passing(buy(withSlowTables(us, 6_500), cart, { headers }));
    expect(await expectProblem(answer, 503, "unavailable")).not.toHaveProperty("missing");
    expect(us.remote.reads).toEqual([]);
    expect(counted("RefusedForPeers")).toEqual([]);
    expect(counted("CheckoutsRefused")).toMatchObject([{ dimensions: { reason: "unavailable" } }]);
    expect(us.log.entries).toContainEqual(
      expect.objectContaining({ level: "error", cause: expect.objectContaining({ insteadOf: name }) }),
    );
  });

  test("wants its peers as ever where they have used more of it", async () => {
    await deliverTo(world.shop("eu-west-1"), "LAMP", 5);
    await world.replicate();
    const { questions, deps } = slowWorld(us, () => true);
    const get: typeof deps.remote.get = async (_region, table) => {
      await pass(peersWithinMs - 1_000);
      return err({ type: "unavailable", operation: `GetItem ${table}`, reason: "no answer" });
    };
    const shop = withSlowTables(us, 1_000, { peers: deps.peers, remote: { ...deps.remote, get } });
    const wish = { headers: { "Consistency-Token": "eu-west-1#1:9" }, body: { acceptPartial: true } };
    const answer = await passing(buy(shop, await filledCart(us), wish));
    await expectProblem(answer, 409, "stock-short");
    expect(questions).toEqual([]);
  });

  test.each([
    ["it asked none", 2_600, [], 503, "unavailable"],
    ["it asked, and left too little time", 2_000, ["eu-west-1 grant 2000"], 503, "unavailable"],
    ["the donor had its time", 900, ["eu-west-1 grant 5000"], 409, "stock-short"],
  ] as const)(
    "calls units on their way only by a donor's fault: %s",
    async (_what, readMs, asked, status, name) => {
      await deliverTo(world.shop("eu-west-1"), "LAMP", 5);
      await world.replicate();
      const cart = await filledCart(us);
      const { questions, deps } = slowWorld(us, () => true);
      const slow = withSlowTables(us, readMs, { peers: deps.peers });
      await expectProblem(await passing(buy(slow, cart)), status, name);
      expect(questions).toEqual(asked);
    },
  );
});
