import { testMethods } from "@antipode/core/testing";
import { expect, it } from "vitest";
import { amounts, answered, attemptOf, newOrder, nothing, placements, refused } from "./orders.ts";
import type { ConformanceProvider } from "./provider.ts";

const claimOf = (orderId: ReturnType<typeof newOrder>, region: 0 | 1) => ({
  orderId,
  placement: placements[region],
  amount: amounts[region],
});

const freeClaimOf = (orderId: ReturnType<typeof newOrder>, region: 0 | 1) => ({
  ...claimOf(orderId, region),
  amount: nothing,
});

export function describeClaims(provider: () => ConformanceProvider): void {
  it("makes a payment and names the placement and its amount", async () => {
    const orderId = newOrder();
    const before = provider().nowMs();
    const payment = answered(await provider().regions[0].claim(claimOf(orderId, 0)));
    expect(payment).toMatchObject({
      orderId,
      placement: placements[0],
      amount: amounts[0],
      status: "open",
      refundedMinor: 0,
    });
    expect(payment).not.toHaveProperty("clientSecret");
    expect(payment).not.toHaveProperty("declineCode");
    expect(payment.createdAtMs).toBeGreaterThanOrEqual(before - 1_000); // whole seconds at a provider
  });

  it("answers each later claim with the first one", async () => {
    const orderId = newOrder();
    const [here, there] = provider().regions;
    const won = answered(await here.claim(claimOf(orderId, 0)));
    for (const region of [there, here, there]) {
      expect(await region.claim(claimOf(orderId, 1))).toEqual({ ok: true, value: won });
      expect(await region.claim(claimOf(orderId, 0))).toEqual({ ok: true, value: won });
    }
    expect(await there.read(won.id)).toEqual({ ok: true, value: won });
    const { payments } = await provider().books(orderId);
    expect(payments).toHaveLength(1);
  });

  it("has one winner of placements that race, the same everywhere", async () => {
    for (let race = 0; race < 10; race += 1) {
      const orderId = newOrder();
      const [here, there] = provider().regions;
      const answers = await Promise.all([
        here.claim(claimOf(orderId, 0)),
        there.claim(claimOf(orderId, 1)),
        here.claim(claimOf(orderId, 0)),
        there.claim(claimOf(orderId, 1)),
      ]);
      const won = answered(await here.claim(claimOf(orderId, 1)));
      for (const answer of answers) {
        // one that came second may be told to ask again, while the first is being named
        expect(answer.ok ? answer.value : answer.error.type).toEqual(answer.ok ? won : "unavailable");
      }
      expect(answers.some((answer) => answer.ok)).toBe(true);
      const winner = placements[0] === won.placement ? 0 : 1;
      expect(won).toMatchObject({ placement: placements[winner], amount: amounts[winner] });
    }
  });

  it("says how the payment is by then to who claims again", async () => {
    const orderId = newOrder();
    const [here, there] = provider().regions;
    const payment = answered(await here.claim(claimOf(orderId, 0)));
    await here.authorize({ ...attemptOf(payment), method: testMethods.approved });
    expect(answered(await there.claim(claimOf(orderId, 1)))).toMatchObject({
      placement: placements[0],
      status: "authorized",
    });
    answered(await here.cancel(attemptOf(payment)));
    expect(answered(await there.claim(claimOf(orderId, 1)))).toMatchObject({
      placement: placements[0],
      status: "cancelled",
    });
  });

  it("has the effect of a claim whose answer was lost, and not of one that never came", async () => {
    const [here, there] = provider().regions;
    const heardOf = newOrder();
    await provider().loseNext("answer", "claim");
    expect(refused(await here.claim(claimOf(heardOf, 0)))).toMatchObject({ type: "unavailable" });
    expect(answered(await there.claim(claimOf(heardOf, 1))).placement).toBe(placements[0]);
    expect(answered(await here.claim(claimOf(heardOf, 0))).placement).toBe(placements[0]);
    const unasked = newOrder();
    await provider().loseNext("request", "claim");
    expect(refused(await here.claim(claimOf(unasked, 0)))).toMatchObject({ type: "unavailable" });
    expect(answered(await there.claim(claimOf(unasked, 1))).placement).toBe(placements[1]);
  });

  it("names a placement that has nothing to pay, and asks for no money", async () => {
    const orderId = newOrder();
    const [here, there] = provider().regions;
    const won = answered(await here.claim(freeClaimOf(orderId, 0)));
    expect(won).toMatchObject({ placement: placements[0], status: "open", refundedMinor: 0 });
    expect(won).not.toHaveProperty("clientSecret");
    expect(won.amount.amountMinor).toBeGreaterThan(0); // the object's own
    for (const region of [there, here]) {
      expect(await region.claim(freeClaimOf(orderId, 0))).toEqual({ ok: true, value: won });
      expect(await region.claim(freeClaimOf(orderId, 1))).toEqual({ ok: true, value: won });
    }
    expect(answered(await there.cancel(attemptOf(won)))).toMatchObject({
      placement: placements[0],
      status: "cancelled",
    });
    expect(answered(await there.claim(claimOf(orderId, 1)))).toMatchObject({ placement: placements[0] });
    const { payments } = await provider().books(orderId);
    expect(payments).toMatchObject([{ captures: 0, capturedMinor: 0, placement: placements[0] }]);
  });

  it("tells a claim that it has lost to one of nothing, and the other way round", async () => {
    const [here, there] = provider().regions;
    const free = newOrder();
    const wonFree = answered(await here.claim(freeClaimOf(free, 0)));
    expect(answered(await there.claim(claimOf(free, 1)))).toEqual(wonFree);
    expect(answered(await here.read(wonFree.id))).toEqual(wonFree);
    const paid = newOrder();
    const wonPaid = answered(await there.claim(claimOf(paid, 1)));
    expect(answered(await here.claim(freeClaimOf(paid, 0)))).toEqual(wonPaid);
    expect(wonPaid).toMatchObject({ placement: placements[1], amount: amounts[1] });
  });

  it("has one winner of a claim of nothing that races with another amount, for good", async () => {
    for (let race = 0; race < 10; race += 1) {
      const orderId = newOrder();
      const [here, there] = provider().regions;
      const paid = () => there.claim(claimOf(orderId, 1));
      const free = () => here.claim(freeClaimOf(orderId, 0));
      const answers = await Promise.all(race % 2 === 0 ? [free(), paid(), free()] : [paid(), free(), paid()]);
      const won = answered(await here.read(answered(await paid()).id));
      for (const answer of [...answers, await free(), await paid()]) {
        expect(answer.ok ? answer.value : answer.error.type).toEqual(answer.ok ? won : "unavailable");
      }
      expect(placements).toContain(won.placement);
      if (won.placement === placements[1]) {
        expect(won.amount).toEqual(amounts[1]);
      }
      expect((await provider().books(orderId)).payments).toHaveLength(1);
    }
  });

  it("refuses an amount that no provider charges, and leaves the order unclaimed", async () => {
    const orderId = newOrder();
    const [here, there] = provider().regions;
    const tiny = { ...claimOf(orderId, 0), amount: { amountMinor: 10, currency: "USD" } as const };
    expect(refused(await here.claim(tiny))).toMatchObject({ type: "refused", code: "amount_not_chargeable" });
    expect(answered(await there.claim(claimOf(orderId, 1))).placement).toBe(placements[1]);
  });
}
