import { describe, expect, it } from "vitest";
import type { LedgerPayment, SeenOrder } from "./history.ts";
import { judgeMoney } from "./judge-money.ts";

const order = (state: string): SeenOrder => ({
  id: "order",
  state,
  decided: true,
  placedIn: "eu-west-1#1",
  currency: "EUR",
  lines: [{ sku: "LAMP", quantity: 2, unitMinor: 50 }],
  totalMinor: 100,
});

const payment = (more: Partial<LedgerPayment> = {}): LedgerPayment => ({
  id: "pi_1",
  order: "order",
  currency: "eur",
  status: "succeeded",
  charges: [{ captures: 1, amountCaptured: 100 }],
  refunds: [],
  ...more,
});

const uncaptured = { charges: [{ captures: 0, amountCaptured: 0 }] };

const judge = (payments: readonly LedgerPayment[], state?: string) =>
  judgeMoney(payments, new Map(state === undefined ? [] : [["order", order(state)]]));

describe("the judge of money", () => {
  it("is content with one exact charge of what stands, and with none of what does not", () => {
    expect(judge([payment()], "paid")).toEqual({ charged: 1, duplicateCharges: 0, broken: [] });
    const nothing = { charged: 0, duplicateCharges: 0, broken: [] };
    expect(judge([payment({ ...uncaptured, status: "canceled" })], "declined")).toEqual(nothing);
    expect(judge([payment({ refunds: [{ amount: 100 }] })], "refunded")).toEqual(nothing);
    expect(judge([], "expired")).toEqual(nothing);
  });

  it.each([
    ["a second capture", [payment(), payment({ id: "pi_2" })], "paid", 1, /charged 2 times/],
    [
      "a charge of more",
      [payment({ charges: [{ captures: 1, amountCaptured: 101 }] })],
      "paid",
      1,
      /charged 101/,
    ],
    [
      "a charge of less",
      [payment({ charges: [{ captures: 1, amountCaptured: 99 }] })],
      "paid",
      0,
      /and 99 was taken/,
    ],
    ["goods for nothing", [], "paid", 0, /it stands, comes to 100, and 0 was taken/],
    ["a charge for nothing", [payment()], "expired", 0, /100 was taken, and the order is expired/],
    [
      "a charge of an unknown order",
      [payment()],
      undefined,
      0,
      /100 was taken, and no region knows the order/,
    ],
    [
      "money that is kept",
      [payment({ ...uncaptured, status: "requires_capture" })],
      "expired",
      0,
      /authorised/,
    ],
    ["another currency", [payment({ currency: "usd" })], "paid", 0, /charged in USD/],
  ] as const)("finds %s", (_, payments, state, duplicateCharges, words) => {
    const verdict = judge(payments, state);
    expect(verdict.duplicateCharges).toBe(duplicateCharges);
    expect(verdict.broken.join("\n")).toMatch(words);
  });
});
