import type { Payment } from "@antipode/core";
import { testMethods } from "@antipode/core/testing";
import { expect, it } from "vitest";
import { amounts, answered, attemptOf, newOrder, placements, refused } from "./orders.ts";
import type { ConformanceProvider } from "./provider.ts";

export function describeMoney(provider: () => ConformanceProvider): void {
  const claimed = async (): Promise<Payment> =>
    answered(
      await provider().regions[0].claim({
        orderId: newOrder(),
        placement: placements[0],
        amount: amounts[0],
      }),
    );
  const authorized = async (): Promise<Payment> =>
    answered(
      await provider().regions[0].authorize({ ...attemptOf(await claimed()), method: testMethods.approved }),
    );
  const booked = async ({ orderId }: Payment) => (await provider().books(orderId)).payments[0];
  const amountMinor = amounts[0].amountMinor;

  it("authorises, captures once, and refunds once, whoever asks how often", async () => {
    const [here, there] = provider().regions;
    const payment = await authorized();
    expect(payment).toMatchObject({ status: "authorized", amount: amounts[0] });
    expect(await booked(payment)).toMatchObject({ captures: 0, capturedMinor: 0 });
    for (const region of [here, there, here]) {
      expect(answered(await region.capture(attemptOf(payment)))).toMatchObject({
        status: "captured",
        refundedMinor: 0,
      });
    }
    expect(await booked(payment)).toMatchObject({
      captures: 1,
      capturedMinor: amountMinor,
      refundedMinor: 0,
    });
    for (const region of [there, here, there]) {
      expect(answered(await region.refund(attemptOf(payment)))).toMatchObject({
        status: "captured",
        refundedMinor: amountMinor,
      });
    }
    expect(answered(await here.capture(attemptOf(payment)))).toMatchObject({ refundedMinor: amountMinor });
    expect(await booked(payment)).toMatchObject({ captures: 1, refundedMinor: amountMinor });
  });

  it("gives back what is left after a person gave back a part, and no more, whoever asks how often", async () => {
    const [here, there] = provider().regions;
    const payment = await authorized();
    answered(await here.capture(attemptOf(payment)));
    await provider().giveBack(payment.id, 700);
    expect(answered(await there.read(payment.id))).toMatchObject({ status: "captured", refundedMinor: 700 });
    await provider().giveBack(payment.id, 300);
    await provider().loseNext("answer", "refund");
    expect(refused(await here.refund(attemptOf(payment)))).toMatchObject({ type: "unavailable" });
    for (const region of [there, here, there]) {
      expect(answered(await region.refund(attemptOf(payment)))).toMatchObject({ refundedMinor: amountMinor });
    }
    expect(await booked(payment)).toMatchObject({ captures: 1, refundedMinor: amountMinor });
  });

  it("gives nothing back where a person gave back all", async () => {
    const payment = await authorized();
    const [here] = provider().regions;
    answered(await here.capture(attemptOf(payment)));
    await provider().giveBack(payment.id, amountMinor);
    expect(answered(await here.refund(attemptOf(payment)))).toMatchObject({ refundedMinor: amountMinor });
    expect(await booked(payment)).toMatchObject({ refundedMinor: amountMinor });
  });

  it("captures once when both regions do at the same time", async () => {
    const payment = await authorized();
    const answers = await Promise.all(provider().regions.map((region) => region.capture(attemptOf(payment))));
    for (const answer of answers) {
      expect(answered(answer)).toMatchObject({ status: "captured" });
    }
    expect(await booked(payment)).toMatchObject({ captures: 1, capturedMinor: amountMinor });
  });

  it("makes an attempt once: a decline stays one, and the next attempt may succeed", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    const first = { ...attemptOf(payment), method: testMethods.insufficientFunds };
    for (const region of [here, there]) {
      expect(answered(await region.authorize(first))).toMatchObject({
        status: "open",
        declineCode: "insufficient_funds",
      });
    }
    expect(refused(await there.authorize({ ...first, method: testMethods.approved }))).toMatchObject({
      type: "refused",
      code: "idempotency_error",
    });
    const second = { ...attemptOf(payment, 1), method: testMethods.approved };
    expect(answered(await there.authorize(second))).not.toHaveProperty("declineCode");
    // asked again, the first attempt says how the payment is by then
    expect(answered(await here.authorize(first))).toMatchObject({ status: "authorized" });
  });

  it("refuses a method that it does not know, and the same attempt may be made with another one", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    const attempt = attemptOf(payment);
    for (const region of [here, there]) {
      expect(refused(await region.authorize({ ...attempt, method: "pm_nobody" }))).toMatchObject({
        type: "refused",
        code: "payment_method_unknown",
      });
      expect(answered(await region.read(payment.id))).toMatchObject({ status: "open" });
    }
    const known = { ...attempt, method: testMethods.approved };
    expect(answered(await here.authorize(known))).toMatchObject({ status: "authorized" });
  });

  it("answers a payment that is authorised or captured as it is, whatever attempt comes", async () => {
    const [here, there] = provider().regions;
    const payment = await authorized();
    const another = { ...attemptOf(payment, 1), method: testMethods.approved };
    expect(answered(await there.authorize(another))).toMatchObject({ status: "authorized" });
    answered(await here.capture(attemptOf(payment)));
    expect(answered(await there.authorize({ ...another, attempt: 2 }))).toMatchObject({ status: "captured" });
    expect(await booked(payment)).toMatchObject({ captures: 1, capturedMinor: amountMinor });
  });

  it("waits for the shopper, and shows their page its secret only then", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    const attempt = { ...attemptOf(payment), method: testMethods.needsAction };
    const waiting = answered(await here.authorize(attempt));
    expect(waiting.status).toBe("needs-action");
    expect(waiting.clientSecret).toContain(payment.id);
    expect(refused(await there.capture(attemptOf(payment)))).toMatchObject({
      type: "refused",
      code: "payment_intent_unexpected_state",
    });
    await provider().act(payment.id, "success");
    const done = answered(await there.authorize(attempt));
    expect(done.status).toBe("authorized");
    expect(done).not.toHaveProperty("clientSecret");
    // it was refused while it was too early, and is not for ever
    expect(answered(await there.capture(attemptOf(payment)))).toMatchObject({ status: "captured" });
  });

  it("is open again when the shopper fails at their bank", async () => {
    const [here] = provider().regions;
    const payment = await claimed();
    await here.authorize({ ...attemptOf(payment), method: testMethods.needsAction });
    await provider().act(payment.id, "failure");
    expect(answered(await here.read(payment.id))).toMatchObject({
      status: "open",
      declineCode: "payment_intent_authentication_failure",
    });
    const next = { ...attemptOf(payment, 1), method: testMethods.approved };
    expect(answered(await here.authorize(next)).status).toBe("authorized");
  });

  it("processes: neither captured nor cancelled before it is decided", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    const attempt = { ...attemptOf(payment), method: testMethods.processing };
    expect(answered(await here.authorize(attempt)).status).toBe("processing");
    expect(refused(await there.capture(attemptOf(payment)))).toMatchObject({ type: "refused" });
    expect(refused(await there.cancel(attemptOf(payment)))).toMatchObject({ type: "refused" });
    const meanwhile = { ...attemptOf(payment, 1), method: testMethods.approved };
    expect(answered(await there.authorize(meanwhile)).status).toBe("processing");
    await provider().passProcessing();
    expect(answered(await here.authorize(attempt)).status).toBe("authorized");
    expect(answered(await there.capture(attemptOf(payment))).status).toBe("captured");
    expect(await booked(payment)).toMatchObject({ captures: 1, capturedMinor: amountMinor });
  });

  it("processes, and is declined late: the attempt that was refused meanwhile can be made", async () => {
    const [here, there] = provider().regions;
    const payment = await claimed();
    await here.authorize({ ...attemptOf(payment), method: testMethods.processingDeclined });
    const next = { ...attemptOf(payment, 1), method: testMethods.approved };
    expect(answered(await there.authorize(next)).status).toBe("processing");
    await provider().passProcessing();
    expect(answered(await here.read(payment.id))).toMatchObject({
      status: "open",
      declineCode: "generic_decline",
    });
    expect(answered(await there.authorize(next)).status).toBe("authorized");
    expect(answered(await there.cancel(attemptOf(payment))).status).toBe("cancelled");
  });
}
