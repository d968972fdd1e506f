import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  amounts,
  answered,
  newOrder,
  nothing,
  placements,
  refused,
} from "../testing/payments-conformance/orders.ts";
import {
  type SandboxProcess,
  sandboxKey,
  startSandbox,
} from "../testing/payments-conformance/start-sandbox.ts";
import { createStripePayments } from "./create-stripe-payments.ts";

let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.tell());
afterAll(() => sandbox?.close());

function region({ shorten = 100 } = {}) {
  return createStripePayments({
    secretKey: sandboxKey,
    baseUrl: sandbox.url,
    timeouts: { readMs: 5_000, changeMs: 5_000 },
    delay: (ms) => sleep(ms / shorten),
  });
}

const claimOf = (orderId: ReturnType<typeof newOrder>, index: 0 | 1) => ({
  orderId,
  placement: placements[index],
  amount: amounts[index],
});

describe("a claim of nothing to pay", () => {
  const freeOf = (orderId: ReturnType<typeof newOrder>, index: 0 | 1) => ({
    ...claimOf(orderId, index),
    amount: nothing,
  });

  it("writes the placement, and leaves the amount that the payment was made with", async () => {
    const orderId = newOrder();
    answered(await region().claim(freeOf(orderId, 0)));
    const { payments } = await sandbox.ledger(orderId);
    expect(payments).toMatchObject([{ placement: placements[0], amount: 100, currency: "usd", charges: [] }]);
  });

  it("takes the same first key: what failed under it is stepped over by its own placement alone", async () => {
    const orderId = newOrder();
    await sandbox.tell(
      { type: "fail", effect: "none", on: ["update"], times: 1 },
      { type: "unreachable", on: ["read"], times: 1 },
    );
    expect(refused(await region().claim(freeOf(orderId, 0)))).toMatchObject({ type: "unavailable" });
    expect(refused(await region().claim(claimOf(orderId, 1)))).toMatchObject({ type: "unavailable" });
    expect(answered(await region().claim(freeOf(orderId, 0))).placement).toBe(placements[0]);
    expect(answered(await region().claim(claimOf(orderId, 1))).placement).toBe(placements[0]);
  });

  it("is not overtaken by one that costs something, nor overtakes it", async () => {
    for (const [first, second] of [
      [freeOf, claimOf],
      [claimOf, freeOf],
    ] as const) {
      const orderId = newOrder();
      await sandbox.tell({ type: "slow", ms: 400, when: "before", on: ["update"], times: 1 });
      const slow = region().claim(first(orderId, 0));
      await sandbox.underWay("update");
      expect(answered(await region({ shorten: 1 }).claim(second(orderId, 1))).placement).toBe(placements[0]);
      expect(answered(await slow).placement).toBe(placements[0]);
    }
  });
});
