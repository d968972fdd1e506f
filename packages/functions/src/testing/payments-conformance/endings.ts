import type { Payment } from "@antipode/core";
import { testMethods } from "@antipode/core/testing";
import { expect, it } from "vitest";
import { amounts, answered, attemptOf, newOrder, placements, refused } from "./orders.ts";
import type { ConformanceProvider } from "./provider.ts";

const unexpected = { type: "refused", code: "payment_intent_unexpected_state" };

export function describeEndings(provider: () => ConformanceProvider): void {
  const claimed = async (): Promise<Payment> =>
    answered(
      await provider().regions[0].claim({
        orderId: newOrder(),
        placement: placements[0],
        amount: amounts[0],
      }),
    );
  const authorize = (payment: Payment, method: string = testMethods.approved, attempt = 0) =>
    provider().regions[0].authorize({ ...attemptOf(payment, attempt), method });
  const booked = async ({ orderId }: Payment) => (await provider().books(orderId)).payments[0];

  it("cancels what is open, waiting or authorised, for good, and books no refund", async () => {
    const [here, there] = provider().regions;
    for (const method of [testMethods.declined, testMethods.needsAction, testMethods.approved]) {
      const payment = await claimed();
      answered(await authorize(payment, method));
      for (const region of [there, here, there]) {
        expect(answered(await region.cancel(attemptOf(payment)))).toMatchObject({
          status: "cancelled",
          refundedMinor: 0,
        });
      }
      expect(refused(await authorize(payment, testMethods.approved, 1))).toMatchObject(unexpected);
      expect(refused(await here.capture(attemptOf(payment)))).toMatchObject(unexpected);
      expect(refused(await here.refund(attemptOf(payment)))).toMatchObject(unexpected);
      expect(await booked(payment)).toMatchObject({ captures: 0, capturedMinor: 0 });
    }
  });

  it("refuses to cancel what is captured, and to refund what is not", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    expect(refused(await here.refund(attemptOf(payment)))).toMatchObject(unexpected);
    expect(refused(await here.capture(attemptOf(payment)))).toMatchObject(unexpected);
    answered(await authorize(payment));
    expect(refused(await here.refund(attemptOf(payment)))).toMatchObject(unexpected);
    answered(await there.capture(attemptOf(payment)));
    expect(refused(await here.cancel(attemptOf(payment)))).toMatchObject(unexpected);
    expect(answered(await here.refund(attemptOf(payment))).refundedMinor).toBe(amounts[0].amountMinor);
  });

  it("knows no payment that is not there", async () => {
    expect(refused(await provider().regions[0].read("pi_none"))).toMatchObject({
      type: "refused",
      code: "resource_missing",
    });
  });

  it("takes effect once when answers are lost, and the same call again says so", async () => {
    const [here, there] = provider().regions;
    const lostly = async (
      operation: "authorize" | "capture" | "refund" | "cancel",
      call: (region: typeof here) => ReturnType<typeof here.read>,
    ) => {
      await provider().loseNext("answer", operation);
      expect(refused(await call(here))).toMatchObject({ type: "unavailable", operation });
      return answered(await call(there));
    };
    const payment = await claimed();
    const attempt = { ...attemptOf(payment), method: testMethods.approved };
    expect((await lostly("authorize", (region) => region.authorize(attempt))).status).toBe("authorized");
    expect((await lostly("capture", (region) => region.capture(attempt))).status).toBe("captured");
    expect((await lostly("refund", (region) => region.refund(attempt))).refundedMinor).toBe(
      amounts[0].amountMinor,
    );
    const { captures, capturedMinor, refundedMinor } = (await booked(payment)) ?? {};
    expect([captures, capturedMinor, refundedMinor]).toEqual([1, 2_500, 2_500]);
    const other = await claimed();
    expect((await lostly("cancel", (region) => region.cancel(attemptOf(other)))).status).toBe("cancelled");
  });

  it("has no effect of what never came", async () => {
    const [here] = provider().regions;
    const payment = await claimed();
    answered(await authorize(payment));
    await provider().loseNext("request", "capture");
    expect(refused(await here.capture(attemptOf(payment)))).toMatchObject({ type: "unavailable" });
    expect(answered(await here.read(payment.id)).status).toBe("authorized");
    expect(answered(await here.capture(attemptOf(payment))).status).toBe("captured");
  });

  it("says that it is unavailable while it is away", async () => {
    const [here] = provider().regions;
    const payment = await claimed();
    await provider().goAway();
    const attempt = { ...attemptOf(payment), method: testMethods.approved };
    for (const answer of [
      await here.claim({ orderId: newOrder(), placement: placements[0], amount: amounts[0] }),
      await here.authorize(attempt),
      await here.capture(attempt),
      await here.cancel(attempt),
      await here.refund(attempt),
      await here.read(payment.id),
      await here.list({ createdSinceMs: 0 }),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { type: "unavailable" } });
    }
    await provider().heal();
    expect(answered(await here.read(payment.id)).status).toBe("open");
  });

  it("lists each payment once, newest first, a page at a time", async () => {
    const [here, there] = provider().regions;
    const made: string[] = [];
    for (let count = 0; count < provider().pageSize * 2 + 1; count += 1) {
      made.push((await claimed()).id);
    }
    const listed: string[] = [];
    let after: string | undefined;
    do {
      const page = answered(
        await there.list({ createdSinceMs: 0, ...(after === undefined ? {} : { after }) }),
      );
      expect(page.payments.length).toBeLessThanOrEqual(provider().pageSize);
      listed.push(...page.payments.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined && listed.length < 1_000);
    expect(listed.slice(0, made.length)).toEqual([...made].reverse());
    expect(new Set(listed).size).toBe(listed.length);
    expect(answered(await here.list({ createdSinceMs: provider().nowMs() + 60_000 }))).toEqual({
      payments: [],
    });
  });
}
