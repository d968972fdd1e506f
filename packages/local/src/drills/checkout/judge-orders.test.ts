import { describe, expect, it } from "vitest";
import { type Checkout, isDecided, type OrderEnd, openIn, type SeenOrder, type Told } from "./history.ts";
import { duplicateOrders, judgeEnds, judgeTold, untoldOrders } from "./judge-orders.ts";

const regions = ["us-east-1", "eu-west-1"];

const order = (more: Partial<SeenOrder> = {}): SeenOrder => ({
  id: "cart/0",
  state: "paid",
  decided: true,
  placedIn: "eu-west-1#1",
  currency: "EUR",
  lines: [{ sku: "LAMP", quantity: 2, unitMinor: 50 }],
  totalMinor: 100,
  ...more,
});

const confirmed = (more: Partial<SeenOrder> = {}): Told => ({ type: "confirmed", at: 0, order: order(more) });
const placed: Told = { type: "placed", at: 0, order: order({ state: "placed", decided: false }) };
const refused = (problem: string, named?: string): Told => ({
  type: "refused",
  at: 0,
  problem,
  ...(named !== undefined && { order: named }),
});
const cut: Told = { type: "unknown", at: 0, why: "cut" };

type Sending = readonly [region: string, told: Told];

/** Told this, one after another, each in the region named. */
const checkout = (...told: readonly Sending[]): Checkout => ({
  name: "buyer",
  cart: "cart",
  operationId: "op",
  lines: order().lines,
  currency: "EUR",
  declining: false,
  attempts: told.map(([region, one], index) => ({
    region,
    sent: 2 * index + 1,
    told: { ...one, at: 2 * index + 2 },
    apart: [],
  })),
});

const everywhere = (one: SeenOrder | undefined, id = "cart/0"): readonly OrderEnd[] =>
  regions.map((region) => ({ id, region, order: one }));

const cartOf = (id: string) => id.slice(0, id.lastIndexOf("/"));
const [us = "", eu = ""] = regions;

describe("what a client knows of its checkout", () => {
  it("is all there is once it was confirmed or declined, anywhere", () => {
    for (const told of [confirmed(), refused("payment-declined")]) {
      expect(isDecided(checkout([us, cut], [eu, told]))).toBe(true);
    }
  });

  it("is open while a region may have placed it, whatever another one lacks", () => {
    const open = checkout([us, cut], [eu, refused("stock-short")]);
    expect(openIn(open.attempts)).toEqual([us]);
    expect(isDecided(open)).toBe(false);
    const closed = checkout([us, cut], [eu, refused("stock-short")], [us, refused("stock-short")]);
    expect(isDecided(closed)).toBe(true);
    expect(isDecided(checkout([us, placed]))).toBe(false);
    expect(isDecided(checkout([us, refused("not-selling")]))).toBe(false);
  });
});

describe("the judge of orders", () => {
  it("is content when all regions have what was confirmed", () => {
    const checkouts = [checkout([us, cut], [eu, placed], [eu, confirmed()])];
    const ends = everywhere(order());
    expect(judgeTold(checkouts, ends)).toEqual([]);
    expect(judgeEnds(ends)).toEqual([]);
    expect(untoldOrders(checkouts, ends, cartOf)).toEqual([]);
    expect(duplicateOrders(checkouts, ends, cartOf)).toEqual({ count: 0, broken: [] });
  });

  it("is content with a checkout that came to nothing", () => {
    const ends = everywhere(undefined);
    expect(judgeTold([checkout([us, refused("stock-short")])], ends)).toEqual([]);
    expect(judgeEnds(ends)).toEqual([]);
  });

  it("finds a confirmed order that is lost, ended or another one", () => {
    const checkouts = [checkout([eu, confirmed()])];
    const [first, second] = everywhere(order());
    const wrongs = [
      undefined,
      order({ state: "expired" }),
      order({ totalMinor: 99 }),
      order({ placedIn: "us-east-1#1" }),
    ];
    for (const wrong of wrongs) {
      const ends = [first, { ...second, order: wrong }] as OrderEnd[];
      expect(judgeTold(checkouts, ends).join()).toMatch(/was confirmed in eu-west-1#1, and eu-west-1/);
      expect(judgeEnds(ends).join()).toMatch(/regions still differ/);
    }
    expect(judgeTold(checkouts, []).join()).toMatch(/nobody looked for it/);
  });

  it("finds an order that nobody decided", () => {
    expect(judgeEnds(everywhere(order({ state: "placed", decided: false }))).join()).toMatch(/not decided/);
  });

  it("finds one operation with two outcomes", () => {
    const ends = [...everywhere(order()), ...everywhere(order({ id: "cart/1" }), "cart/1")];
    const two = [checkout([us, confirmed()], [eu, confirmed({ id: "cart/1" })])];
    expect(judgeTold(two, ends).join()).toMatch(/one operation was told of several orders: cart\/0, cart\/1/);
    const both = { ...checkout([us, confirmed()], [eu, refused("payment-declined")]), declining: true };
    expect(judgeTold([both], ends).join()).toMatch(/both confirmed and declined/);
  });

  it("finds a region that takes back what it confirmed, and allows another one not to know yet", () => {
    const ends = everywhere(order());
    const back = checkout([us, confirmed()], [us, refused("cart-empty")]);
    expect(judgeTold([back], ends).join()).toMatch(
      /us-east-1 confirmed it and was then of another mind: cart-empty/,
    );
    expect(judgeTold([checkout([us, confirmed()], [eu, refused("stock-short")])], ends)).toEqual([]);
  });

  it("finds a cart that was ordered twice, and an order with two placements", () => {
    const ends = [...everywhere(order()), ...everywhere(order({ id: "cart/1" }), "cart/1")];
    expect(duplicateOrders([], ends, cartOf)).toEqual({
      count: 1,
      broken: ["cart was ordered 2 times: cart/0, cart/1"],
    });
    const declinedFirst = [...everywhere(order({ state: "declined" })), ...ends.slice(regions.length)];
    expect(duplicateOrders([], declinedFirst, cartOf).count).toBe(0);
    const told = [checkout([eu, confirmed()], [us, confirmed({ placedIn: "us-east-1#1" })])];
    const { count, broken } = duplicateOrders(told, everywhere(order()), cartOf);
    expect(count).toBe(1);
    expect(broken.join()).toMatch(/confirmed as placed in eu-west-1#1 and in us-east-1#1/);
  });

  it("finds an order that its shopper was never told of", () => {
    const checkouts = [checkout([us, cut], [us, refused("stock-short")])];
    expect(untoldOrders(checkouts, everywhere(order()), cartOf)).toEqual([
      "cart/0 stands, and its shopper was told of no order",
    ]);
    expect(untoldOrders(checkouts, everywhere(order({ state: "expired" })), cartOf)).toEqual([]);
  });

  it("finds refusals that nothing deserved", () => {
    const told = (...attempts: readonly Sending[]) => judgeTold([checkout(...attempts)], []).join();
    for (const problem of [
      "prices-changed",
      "sku-not-sold",
      "operation-id-reused",
      "payment-declined",
      "cart-empty",
    ]) {
      expect(told([us, refused(problem)])).toBe(`buyer: us-east-1 refused it: ${problem}`);
    }
    // What an earlier sending ordered is no longer in the cart.
    expect(told([us, cut], [us, refused("cart-empty")])).toBe("");
    expect(told([us, refused("cart-in-checkout", "cart/0")], [us, refused("cart-changed")])).toBe("");
  });

  it("finds a client that was never told", () => {
    expect(judgeTold([checkout([us, cut])], []).join()).toMatch(/not told what became of its checkout: cut/);
    expect(judgeTold([checkout([us, placed])], []).join()).toMatch(/checkout: placed/);
    expect(judgeTold([checkout([us, refused("cart-in-checkout")])], []).join()).toMatch(/cart-in-checkout/);
  });
});
