import { beforeEach, describe, expect, test } from "vitest";
import {
  buy,
  cellsOf,
  deliverTo,
  filledCart,
  newKey,
  oneLamp,
  orderIn,
  placedIn,
  seeOrder,
  totals,
} from "../testing/buyer.ts";
import { add, expectProblem, linesOf, openCart, read } from "../testing/shopper.ts";
import { createTestShops, type TestShop, type TestShops } from "../testing/test-shops.ts";

let world: TestShops;
let us: TestShop;
let eu: TestShop;
let ap: TestShop;

beforeEach(async () => {
  world = createTestShops();
  us = world.shop("us-east-1");
  eu = world.shop("eu-west-1");
  ap = world.shop("ap-south-1");
  await world.beat();
  expect((await deliverTo(us, "LAMP", 5)).status).toBe(201);
  await world.replicate();
});

const charges = () => world.payments.ledger().filter(({ captures }) => captures > 0);

describe("a checkout", () => {
  test("takes stock and payment, empties the cart, and is there in every region", async () => {
    const cart = await filledCart(us);
    const { order } = await placedIn(await buy(us, cart));
    expect(order).toMatchObject({ state: "paid", decided: true, placedIn: "us-east-1#1", totalMinor: 100 });
    expect(await totals(world.shops)).toEqual({ restocked: 5, sold: 1, held: 0, available: 4, inFlight: 0 });
    expect(charges()).toHaveLength(1);
    expect(await linesOf(await read(us, cart))).toEqual([]);
    await world.replicate();
    for (const shop of world.shops) {
      expect(await orderIn(await seeOrder(shop, cart, order.id))).toEqual(order);
    }
    expect(us.items.dump("Orders").some((item) => "openBy" in item)).toBe(false);
  });

  test("with the same key answers the same, here and elsewhere, also after the cart was ordered again", async () => {
    const cart = await filledCart(us);
    const key = newKey(us);
    const first = await placedIn(await buy(us, cart, { key }));
    expect(await placedIn(await buy(us, cart, { key }))).toEqual(first);
    await world.replicate();
    expect(await placedIn(await buy(eu, cart, { key }))).toEqual(first);
    world.clock.advance(3_600_000);
    await add(us, cart, { sku: "LAMP" });
    const second = await placedIn(await buy(us, cart));
    expect(second.order.id).not.toBe(first.order.id);
    expect(await placedIn(await buy(us, cart, { key }))).toEqual(first);
    expect(charges()).toHaveLength(2);
  });

  test("with the same key and another body is refused, wherever it is known", async () => {
    const cart = await filledCart(us);
    const key = newKey(us);
    await placedIn(await buy(us, cart, { key }));
    const other = await buy(us, cart, { key, method: "pm_card_mastercard" });
    expect(await expectProblem(other, 422, "operation-id-reused")).toMatchObject({
      detail: expect.stringContaining("another checkout"),
    });
    await world.replicate();
    await expectProblem(await buy(eu, cart, { key, body: { currency: "USD" } }), 422, "operation-id-reused");
    expect(charges()).toHaveLength(1);
  });

  test("of other lines or prices than the shopper saw takes nothing", async () => {
    const cart = await filledCart(us, [oneLamp, { sku: "TENT", quantity: 2, unitMinor: 2000 }]);
    const changed = await expectProblem(await buy(us, cart), 409, "cart-changed");
    expect(changed).toMatchObject({
      lines: [
        { sku: "LAMP", quantity: 1 },
        { sku: "TENT", quantity: 2 },
      ],
    });
    const lines = [
      { ...oneLamp, unitMinor: 90 },
      { sku: "TENT", quantity: 2, unitMinor: 2000 },
    ];
    const prices = await expectProblem(await buy(us, cart, { lines }), 409, "prices-changed");
    expect(prices).toMatchObject({ changes: [{ sku: "LAMP", seenMinor: 90, presentMinor: 100 }] });
    expect(world.payments.ledger()).toEqual([]);
    expect(await totals(world.shops)).toMatchObject({ sold: 0, held: 0 });
  });

  test("of nothing, of what is not sold, and without a payment method is refused", async () => {
    const empty = await openCart(us);
    await expectProblem(await buy(us, empty), 409, "cart-empty");
    const odd = await filledCart(us, [{ sku: "NOBODY-SELLS-IT", quantity: 1, unitMinor: 1 }]);
    const refused = await buy(us, odd, { lines: [{ sku: "NOBODY-SELLS-IT", quantity: 1, unitMinor: 1 }] });
    expect(await expectProblem(refused, 409, "sku-not-sold")).toMatchObject({ skus: ["NOBODY-SELLS-IT"] });
    const cart = await filledCart(us);
    await expectProblem(await buy(us, cart, { method: null }), 422, "payment-method-needed");
  });

  test("with a method that the provider does not know is told so, and takes nothing", async () => {
    const cart = await filledCart(us);
    const declined = await expectProblem(
      await buy(us, cart, { method: "pm_nobody" }),
      402,
      "payment-declined",
    );
    expect(declined).toMatchObject({
      declineCode: "payment_method_unknown",
      detail: expect.stringContaining("no such paymentMethod"),
    });
    expect(await totals(world.shops)).toMatchObject({ sold: 0, held: 0 });
    await placedIn(await buy(us, cart));
  });

  test.each(["pi_abc_secret_def", "seti_1_secret_2", "sk_live_1", "rk_test_1", "whsec_1"])(
    "with a secret for a method, such as %s, is refused at the door",
    async (method) => {
      const cart = await filledCart(us);
      const refused = await expectProblem(await buy(us, cart, { method }), 422, "invalid-body");
      expect(JSON.stringify([refused, us.log.entries])).not.toContain(method);
      expect(await totals(world.shops)).toMatchObject({ sold: 0, held: 0 });
    },
  );

  test("of a declined card leaves the lines in the cart, and another card pays the next one", async () => {
    const cart = await filledCart(us);
    const key = newKey(us);
    const declined = await expectProblem(
      await buy(us, cart, { key, method: "pm_card_visa_chargeDeclined" }),
      402,
      "payment-declined",
    );
    await world.replicate();
    expect(
      await expectProblem(
        await buy(eu, cart, { key, method: "pm_card_visa_chargeDeclined" }),
        402,
        "payment-declined",
      ),
    ).toMatchObject({ order: Object(declined).order });
    expect(await linesOf(await read(eu, cart))).toEqual([{ sku: "LAMP", quantity: 1 }]);
    expect(await totals(world.shops)).toMatchObject({ sold: 0, held: 0, available: 5 });
    const { order } = await placedIn(await buy(eu, cart));
    expect(order.id).not.toBe(Object(declined).order);
    expect(charges()).toHaveLength(1);
  });

  test("without a lease is refused, and takes nothing", async () => {
    const cold = createTestShops();
    const shop = cold.shop("us-east-1");
    await deliverTo(shop, "LAMP", 1);
    await expectProblem(await buy(shop, await filledCart(shop)), 503, "not-selling");
    expect(shop.log.entries.filter(({ level }) => level === "error")).toEqual([]); // it works as it should
  });

  test("twelve hours after the others were last heard is refused", async () => {
    for (const other of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
      world.cut("us-east-1", other);
    }
    world.clock.advance(11 * 3_600_000);
    expect((await buy(us, await filledCart(us))).status).toBe(201);
    world.clock.advance(3_600_001);
    await expectProblem(await buy(us, await filledCart(us)), 503, "not-selling");
  });
});

describe("stock", () => {
  test("that another region has is asked for, and sold once", async () => {
    const { order } = await placedIn(await buy(ap, await filledCart(ap)));
    expect(order.placedIn).toBe("ap-south-1#1");
    expect(await totals(world.shops)).toMatchObject({ restocked: 5, sold: 1, held: 0 });
  });

  test("that is nowhere is a shortfall per line, with what there is", async () => {
    const lines = [{ ...oneLamp, quantity: 6 }];
    const refused = await expectProblem(
      await buy(us, await filledCart(us, lines), { lines }),
      409,
      "stock-short",
    );
    expect(refused).toMatchObject({ shortfalls: [{ sku: "LAMP", wanted: 6, here: 5, elsewhere: 0 }] });
    const elsewhere = await filledCart(eu, lines);
    expect(await expectProblem(await buy(eu, elsewhere, { lines }), 409, "stock-short")).toMatchObject({
      shortfalls: [{ sku: "LAMP", wanted: 6 }],
    });
  });

  test("of a region that is cut off is not sold twice, by anybody", async () => {
    for (const other of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
      world.cut("us-east-1", other);
    }
    const answers: number[] = [];
    for (let buyer = 0; buyer < 4; buyer += 1) {
      for (const shop of world.shops) {
        answers.push((await buy(shop, await filledCart(shop))).status);
      }
    }
    expect(answers.filter((status) => status === 201)).toHaveLength(4);
    world.heal();
    await world.replicate();
    expect((await buy(eu, await filledCart(eu))).status).toBe(201);
    await expectProblem(await buy(us, await filledCart(us)), 409, "stock-short");
    expect(await totals(world.shops)).toEqual({ restocked: 5, sold: 5, held: 0, available: 0, inFlight: 0 });
    expect(charges()).toHaveLength(5);
  });

  test("delivered twice with one id counts once, whichever region was told", async () => {
    const key = newKey(us);
    expect((await deliverTo(us, "TENT", 3, { key })).status).toBe(201);
    expect((await deliverTo(us, "TENT", 3, { key })).status).toBe(201);
    expect((await deliverTo(eu, "TENT", 3, { key, region: "us-east-1" })).status).toBe(201);
    await expectProblem(await deliverTo(us, "TENT", 4, { key }), 422, "operation-id-reused");
    expect((await cellsOf(us, "TENT")).map(({ restocked }) => restocked)).toEqual([3]);
    world.cut("eu-west-1", "us-east-1");
    await expectProblem(await deliverTo(eu, "TENT", 1, { region: "us-east-1" }), 503, "region-away");
    expect(eu.log.entries.filter(({ level }) => level === "error")).toEqual([]); // it works as it should
  });
});

describe("one cart checked out in two regions at once", () => {
  test.each([false, true])(
    "gives one order, one charge and the loser's stock back; differing lines: %s",
    async (differ) => {
      await deliverTo(eu, "LAMP", 5);
      const cart = await filledCart(us);
      await world.replicate();
      for (const shop of world.shops) {
        if (shop !== us) world.cut("us-east-1", shop.deployment.region);
      }
      if (differ) {
        await add(eu, cart, { sku: "LAMP" });
      }
      const lines = [{ ...oneLamp, quantity: differ ? 2 : 1 }];
      const [first, second] = await Promise.all([buy(us, cart), buy(eu, cart, { lines })]);
      const statuses = [first.status, second.status].sort();
      expect(statuses).toEqual([201, 409]);
      const winner = first.status === 201 ? us : eu;
      world.heal();
      await world.replicate();
      expect(charges()).toHaveLength(1);
      const { order } = await placedIn(first.status === 201 ? first : second);
      for (const shop of world.shops) {
        const seen = await orderIn(await seeOrder(shop, cart, order.id));
        expect(seen).toMatchObject({ state: "paid", placedIn: winner.deployment.origin });
      }
      const bought = order.lines[0]?.quantity ?? 0;
      expect(await totals(world.shops)).toMatchObject({
        restocked: 10,
        sold: bought,
        held: 0,
        available: 10 - bought,
      });
      const left = differ && winner === us ? [{ sku: "LAMP", quantity: 1 }] : [];
      for (const shop of world.shops) {
        expect(await linesOf(await read(shop, cart))).toEqual(left);
        expect(shop.items.dump("Orders").some((item) => "openBy" in item)).toBe(false);
      }
    },
  );

  const gift = [{ sku: "GIFT", quantity: 1, unitMinor: 0 }];

  test("that costs nothing is decided by the provider, which takes nothing", async () => {
    await deliverTo(us, "GIFT", 5);
    await deliverTo(eu, "GIFT", 5);
    const cart = await filledCart(us, gift);
    await world.replicate();
    const answers = await Promise.all([us, eu].map((shop) => buy(shop, cart, { lines: gift, method: null })));
    await world.replicate();
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await totals(world.shops, "GIFT")).toMatchObject({ sold: 1, held: 0 });
    expect(charges()).toEqual([]);
    expect(world.payments.ledger()).toMatchObject([{ payment: { status: "cancelled" } }]);
    expect(world.payments.operations.filter((call) => call.startsWith("authorize"))).toEqual([]);
  });

  test.each(["at once", "the free one first", "the free one last"])(
    "that costs nothing in one of them gives one order too: %s",
    async (when) => {
      await deliverTo(us, "GIFT", 5);
      await deliverTo(eu, "GIFT", 5);
      await deliverTo(eu, "TENT", 5);
      const cart = await filledCart(us, gift);
      await world.replicate();
      for (const shop of world.shops) {
        if (shop !== us) world.cut("us-east-1", shop.deployment.region);
      }
      await add(eu, cart, { sku: "TENT" });
      const free = () => buy(us, cart, { lines: gift, method: null });
      const paid = () => {
        const lines = [...gift, { sku: "TENT", quantity: 1, unitMinor: 2000 }];
        return buy(eu, cart, { lines });
      };
      const answers =
        when === "at once"
          ? await Promise.all([free(), paid()])
          : when === "the free one first"
            ? [await free(), await paid()]
            : [await paid(), await free()].reverse();
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const freeWon = answers[0]?.status === 201;
      expect(freeWon || when !== "the free one first").toBe(true);
      expect(freeWon && when === "the free one last").toBe(false);
      world.heal();
      await world.replicate();
      expect(charges().map(({ payment }) => payment.amount.amountMinor)).toEqual(freeWon ? [] : [2000]);
      expect(world.payments.ledger()).toHaveLength(1);
      const winner = freeWon ? us : eu;
      const won = answers.find(({ status }) => status === 201);
      const { order } = await placedIn(won ?? Response.error());
      for (const shop of world.shops) {
        const seen = await orderIn(await seeOrder(shop, cart, order.id));
        expect(seen).toMatchObject({ state: "paid", placedIn: winner.deployment.origin });
        expect(await linesOf(await read(shop, cart))).toEqual(freeWon ? [{ sku: "TENT", quantity: 1 }] : []);
        expect(shop.items.dump("Orders").some((item) => "openBy" in item)).toBe(false);
      }
      expect(await totals(world.shops, "GIFT")).toMatchObject({ sold: 1, held: 0 });
      expect(await totals(world.shops, "TENT")).toMatchObject({ sold: freeWon ? 0 : 1, held: 0 });
    },
  );

  test("while the other checkout is known is refused, with its order", async () => {
    const cart = await filledCart(us);
    world.payments.faultWith(() => ({ lost: "request" }));
    const { order } = await placedIn(await buy(us, cart));
    expect(order.state).toBe("placed");
    await world.replicate();
    expect(await expectProblem(await buy(eu, cart), 409, "cart-in-checkout")).toMatchObject({
      order: order.id,
    });
  });
});

describe("durability", () => {
  test("of two regions is reached by a witness, and said", async () => {
    const body = { durability: "two-regions" };
    const { order } = await placedIn(await buy(us, await filledCart(us), { body }));
    expect(order).toMatchObject({ durability: "two-regions", state: "paid" });
    const witnesses = world.shops.flatMap(({ items }) =>
      items.dump("Orders").filter(({ sk }) => sk.startsWith("WITNESS#")),
    );
    expect(witnesses).toHaveLength(1);
  });

  test("that could not be reached is said honestly, and tried again with the key", async () => {
    for (const other of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
      world.cut("us-east-1", other);
    }
    const key = newKey(us);
    const cart = await filledCart(us);
    const body = { durability: "two-regions" };
    expect((await placedIn(await buy(us, cart, { key, body }))).order.durability).toBe("one-region");
    world.heal();
    expect((await placedIn(await buy(us, cart, { key, body }))).order.durability).toBe("two-regions");
  });

  test("keeps an order that its region took with it", async () => {
    const cart = await filledCart(us);
    const { order } = await placedIn(await buy(us, cart, { body: { durability: "two-regions" } }));
    world.cut("us-east-1", "ap-south-1");
    world.cut("us-east-1", "eu-west-1");
    world.cut("us-east-1", "ap-east-1");
    await world.replicate();
    for (const region of ["eu-west-1", "ap-south-1", "ap-east-1"]) {
      const seen = await orderIn(await seeOrder(world.shop(region), cart, order.id));
      expect(seen.lines).toEqual(order.lines);
    }
  });
});

test("a cart that this region has not seen whole is checked out where it is, or knowingly in part", async () => {
  const cart = await filledCart(us);
  const tag = (await read(us, cart)).headers.get("etag") ?? "";
  world.cut("us-east-1", "eu-west-1");
  const headers = { "Consistency-Token": tag };
  const refused = await expectProblem(await buy(eu, cart, { headers }), 409, "cart-not-covered");
  expect(refused).toMatchObject({ regions: ["us-east-1"] });
  await expectProblem(await buy(eu, cart, { headers, body: { acceptPartial: true } }), 409, "cart-empty");
});
