import { describe, expect, it } from "vitest";
import type { CheckoutAttempt, SeenOrder } from "../checkout/history.ts";
import type { SaleHistory, StockSample } from "./history.ts";
import { judgeSale } from "./judge.ts";

const regions = ["us-east-1", "eu-west-1"];
const [us = "", eu = ""] = regions;
const line = (quantity: number) => ({ sku: "HOT", quantity, unitMinor: 100 });

const order = (quantity: number): SeenOrder => ({
  id: "cart/0",
  state: "paid",
  decided: true,
  placedIn: "us-east-1#1",
  currency: "EUR",
  lines: [line(quantity)],
  totalMinor: quantity * 100,
});

const attempt = (told: CheckoutAttempt["told"], more: Partial<CheckoutAttempt> = {}): CheckoutAttempt => ({
  region: us,
  sent: told.at - 10,
  told,
  apart: [],
  ...more,
});

/** A stock of `delivered` units, of which one order has two. */
function history({
  delivered = 2,
  sold = 2,
  ...more
}: Partial<SaleHistory> & { sold?: number } = {}): SaleHistory {
  const cells = [
    {
      cell: "us-east-1#1#0",
      available: delivered - sold,
      held: 0,
      sold,
      restocked: delivered,
      granted: {},
      absorbed: {},
    },
  ];
  return {
    sku: "HOT",
    delivered,
    checkouts: [
      {
        name: "buyer",
        cart: "cart",
        operationId: "op",
        lines: [line(2)],
        currency: "EUR",
        declining: false,
        attempts: [attempt({ type: "confirmed", at: 20, order: order(2) })],
      },
    ],
    samples: [],
    isShortEverywhere: true,
    orders: regions.map((region) => ({ id: "cart/0", region, order: order(2) })),
    cells: regions.map((region) => ({ region, sku: "HOT", cells })),
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
    ...more,
  };
}

const judge = (given: SaleHistory) => judgeSale(given, (id) => id.slice(0, id.lastIndexOf("/")));

describe("the judge of a sale", () => {
  it("is content when all is sold and paid", () => {
    expect(judge(history())).toEqual({
      orders: 1,
      units: 2,
      oversold: 0,
      duplicateOrders: 0,
      duplicateCharges: 0,
      conservation: "kept",
      refusedWhileStockElsewhere: 0,
      broken: [],
    });
  });

  it("finds units that nobody had, by the orders and by the cells", () => {
    const given = history({ delivered: 1 });
    expect(judge(given)).toMatchObject({ oversold: 1 });
    expect(judge(given).broken).toContain("1 units were sold that nobody had");
    expect(judge(history({ sold: 5 }))).toMatchObject({ oversold: 3 });
  });

  it("finds units that are left when every region says that it is sold out", () => {
    const { broken } = judge(history({ delivered: 5 }));
    expect(broken).toEqual(["every region is sold out, and 3 units are in no order"]);
    expect(judge(history({ delivered: 5, isShortEverywhere: false })).broken.join()).toMatch(
      /not every region came to say/,
    );
  });

  it("finds an order of something else", () => {
    const orders = regions.map((region) => ({
      id: "cart/0",
      region,
      order: { ...order(2), currency: "USD" },
    }));
    expect(judge(history({ orders })).broken.join()).toMatch(/is not what anybody asked for/);
  });

  it("counts a refusal while another region had the units all along, and nothing was between them", () => {
    const sample = (region: string, at: number, available: number): StockSample => ({
      region,
      sent: at - 1,
      at,
      available,
    });
    const count = (samples: readonly StockSample[], apart: readonly string[] = []) => {
      const [buyer] = history().checkouts;
      const refused = attempt({ type: "refused", at: 20, problem: "stock-short" }, { apart });
      return buyer === undefined
        ? undefined
        : judge(history({ samples, checkouts: [{ ...buyer, attempts: [refused] }] }))
            .refusedWhileStockElsewhere;
    };
    const all = [sample(eu, 5, 3), sample(eu, 15, 2), sample(eu, 25, 2)];
    expect(count(all)).toBe(1);
    expect(count(all, [eu])).toBe(0);
    expect(count(all.slice(0, 2))).toBe(0); // nobody looked afterwards
    expect(count(all.slice(1))).toBe(0); // nor before
    expect(count([sample(eu, 5, 3), sample(eu, 15, 1), sample(eu, 25, 2)])).toBe(0); // not enough meanwhile
    expect(count(all.map((one) => ({ ...one, region: us })))).toBe(0); // its own
  });
});
