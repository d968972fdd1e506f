import { describe, expect, it } from "vitest";
import type { Checkout, OrderLine, SeenOrder, Told } from "../checkout/history.ts";
import type { SplitCart, SplitHistory } from "./history.ts";
import { judgeSplits } from "./judge.ts";

const regions = ["us-east-1", "eu-west-1"];
const [us = "", eu = ""] = regions;
const lines = (lamps: number): readonly OrderLine[] => [{ sku: "LAMP", quantity: lamps, unitMinor: 100 }];

const order = (more: Partial<SeenOrder> = {}): SeenOrder => ({
  id: "cart/0",
  state: "paid",
  decided: true,
  placedIn: "us-east-1#1",
  currency: "EUR",
  lines: lines(2),
  totalMinor: 200,
  ...more,
});

const checkout = (region: string, asked: readonly OrderLine[], ...told: readonly Told[]): Checkout => ({
  name: `cart in ${region}`,
  cart: "cart",
  operationId: region,
  lines: asked,
  currency: "EUR",
  declining: false,
  attempts: told.map((one, index) => ({ region, sent: index, told: one, apart: [] })),
});

const confirmed: Told = { type: "confirmed", at: 9, order: order() };

/** us-east-1 has won with two lamps; the other side had added a third. */
const cart = (more: Partial<SplitCart> = {}): SplitCart => ({
  name: "cart",
  id: "cart",
  added: { LAMP: 3 },
  checkouts: [checkout(us, lines(2), confirmed), checkout(eu, lines(3), confirmed)],
  ...more,
});

function history(more: Partial<SplitHistory> = {}): SplitHistory {
  const cells = [
    { cell: "us-east-1#1#0", available: 8, held: 0, sold: 2, restocked: 10, granted: {}, absorbed: {} },
    { cell: "eu-west-1#1#0", available: 10, held: 0, sold: 0, restocked: 10, granted: {}, absorbed: {} },
  ];
  return {
    carts: [cart()],
    cartEnds: regions.map((region) => ({ id: "cart", region, lines: { LAMP: 1 } })),
    orders: regions.map((region) => ({ id: "cart/0", region, order: order() })),
    payments: [
      {
        id: "pi",
        order: "cart/0",
        currency: "eur",
        status: "succeeded",
        charges: [{ captures: 1, amountCaptured: 200 }],
        refunds: [],
      },
    ],
    cells: regions.map((region) => ({ region, sku: "LAMP", cells })),
    delivered: { LAMP: 20 },
    ...more,
  };
}

const judge = (more: Partial<SplitHistory> = {}) =>
  judgeSplits(history(more), (id) => id.slice(0, id.lastIndexOf("/")));

const ends = (left: Readonly<Record<string, number>>) =>
  regions.map((region) => ({ id: "cart", region, lines: left }));

describe("the judge of carts that are checked out twice", () => {
  it("is content with one order, and the loser's own unit in the cart", () => {
    expect(judge()).toEqual({ orders: 1, charges: 1, lost: 0, broken: [] });
  });

  it("finds what is lost, what is there twice, and regions that differ", () => {
    expect(judge({ cartEnds: ends({}) })).toMatchObject({
      lost: 1,
      broken: ["cart: of 3 units of LAMP, 2 are ordered and 0 in the cart"],
    });
    expect(judge({ cartEnds: ends({ LAMP: 3 }) })).toMatchObject({
      lost: 0,
      broken: ["cart: of 3 units of LAMP, 2 are ordered and 3 in the cart"],
    });
    const apart = [...ends({ LAMP: 1 }).slice(1), { id: "cart", region: us, lines: {} }];
    expect(judge({ cartEnds: apart }).broken.join()).toMatch(/regions still differ about the cart/);
  });

  it("finds a cart without an order, or with one that its region did not ask for", () => {
    const none = regions.map((region) => ({ id: "cart/0", region, order: order({ state: "expired" }) }));
    expect(judge({ orders: none, cartEnds: ends({ LAMP: 3 }) }).broken.join()).toMatch(
      /no order came of its two/,
    );
    const wrong = order({ placedIn: "eu-west-1#1" });
    const orders = regions.map((region) => ({ id: "cart/0", region, order: wrong }));
    expect(judge({ orders }).broken.join()).toMatch(/not what was asked for in eu-west-1#1/);
  });

  it("finds a device that is not told of the order at last", () => {
    const empty: Told = { type: "refused", at: 9, problem: "cart-empty" };
    const open: Told = { type: "unknown", at: 1, why: "cut" };
    const misled = cart({
      checkouts: [checkout(us, lines(2), confirmed), checkout(eu, lines(3), open, empty)],
    });
    expect(judge({ carts: [misled] }).broken).toEqual([
      "cart: cart in eu-west-1 was told at last of no order, not of cart/0",
    ]);
  });

  it("finds units that the loser keeps", () => {
    const [view] = history().cells;
    const [mine, its] = view?.cells ?? [];
    const held = [mine, { ...its, available: 7, held: 3 }] as NonNullable<typeof view>["cells"];
    expect(
      judge({ cells: regions.map((region) => ({ region, sku: "LAMP", cells: held })) }).broken.join(),
    ).toMatch(/eu-west-1#1#0 still holds 3 units/);
  });
});
