import { describe, expect, it } from "vitest";
import { newOrder, placements } from "../testing/payments-conformance/orders.ts";
import { isChargeable } from "./least-charge.ts";
import { readPayment } from "./read-payment.ts";

const orderId = newOrder();
const intent = {
  id: "pi_1",
  amount: 2_500,
  currency: "eur",
  status: "requires_payment_method",
  created: 1_700_000_000,
  client_secret: "pi_1_secret_2",
  metadata: { order: orderId, placement: placements[0] },
  latest_charge: null,
  last_payment_error: null,
};
const read = (more: object) => readPayment("read", { ...intent, ...more });

describe("a PaymentIntent", () => {
  it("is a payment, in the shop's words", () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        id: "pi_1",
        orderId,
        placement: placements[0],
        amount: { amountMinor: 2_500, currency: "EUR" },
        status: "open",
        refundedMinor: 0,
        createdAtMs: 1_700_000_000_000,
      },
    });
  });

  it.each([
    ["requires_confirmation", "open"],
    ["requires_action", "needs-action"],
    ["processing", "processing"],
    ["requires_capture", "authorized"],
    ["succeeded", "captured"],
    ["canceled", "cancelled"],
  ])("that is %s is %s", (status, expected) => {
    expect(read({ status })).toMatchObject({ value: { status: expected } });
  });

  it("shows its secret, its decline and what was given back only where they mean something", () => {
    const declined = { last_payment_error: { code: "card_declined", decline_code: "do_not_honor" } };
    const given = { latest_charge: { amount_refunded: 2_500 } };
    expect(read(declined)).toMatchObject({ value: { declineCode: "do_not_honor" } });
    expect(read({ last_payment_error: { code: "expired_card" } })).toMatchObject({
      value: { declineCode: "expired_card" },
    });
    const held = read({ ...declined, ...given, status: "canceled" });
    expect(held).toMatchObject({ value: { refundedMinor: 0 } });
    expect(JSON.stringify(held)).not.toMatch(/secret|do_not_honor/);
    expect(read({ ...given, status: "succeeded" })).toMatchObject({ value: { refundedMinor: 2_500 } });
    expect(read({ status: "requires_action" })).toMatchObject({ value: { clientSecret: "pi_1_secret_2" } });
  });

  it.each([
    ["a status that is new", { status: "requires_patience" }],
    ["a currency that the shop has not", { currency: "chf" }],
    ["no order", { metadata: {} }],
    ["an order of another form", { metadata: { order: "4711" } }],
    ["a placement that is none", { metadata: { order: orderId, placement: "here" } }],
    ["a charge that is not shown whole", { latest_charge: "ch_1" }],
  ])("is unreadable with %s", (_, more) => {
    const answer = read(more);
    expect(answer).toMatchObject({ ok: false, error: { type: "unreadable", operation: "read" } });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });
});

it("has an amount that Stripe charges", () => {
  expect(isChargeable({ amountMinor: 50, currency: "JPY" })).toBe(true);
  expect(isChargeable({ amountMinor: 49, currency: "JPY" })).toBe(false);
  expect(isChargeable({ amountMinor: 30, currency: "GBP" })).toBe(true);
  expect(isChargeable({ amountMinor: 399, currency: "HKD" })).toBe(false);
  expect(isChargeable({ amountMinor: 99_999_999, currency: "INR" })).toBe(true);
  expect(isChargeable({ amountMinor: 100_000_000, currency: "INR" })).toBe(false);
});
