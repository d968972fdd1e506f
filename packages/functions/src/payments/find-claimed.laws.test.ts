import type { OrderId, Payment } from "@antipode/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { amounts, newOrder, placements } from "../testing/payments-conformance/orders.ts";
import { keysTrustedMs, mayBeForgotten, orderPayment } from "./find-claimed.ts";
import { orderQuery } from "./stripe-calls.ts";

const orderId = newOrder();

/** Few times and many payments, so that some are of the same second. */
const anyPayments: fc.Arbitrary<Payment[]> = fc.uniqueArray(
  fc
    .record({
      id: fc.nat(30).map((number) => `pi_${number}`),
      orderId: fc.constant(orderId),
      placement: fc.constantFrom(undefined, ...placements),
      amount: fc.constantFrom(...amounts),
      status: fc.constantFrom("open", "authorized", "captured", "cancelled"),
      refundedMinor: fc.constant(0),
      createdAtMs: fc.nat(4).map((second) => second * 1_000),
    })
    .map(({ placement, ...rest }) => ({ ...rest, ...(placement === undefined ? {} : { placement }) })),
  { selector: ({ id }) => id, maxLength: 8 },
);

test("the order's payment is the same in whatever order the payments are seen, and names a placement", () => {
  fc.assert(
    fc.property(
      anyPayments.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
      ([all, shuffled]) => {
        const found = orderPayment(all);
        expect(orderPayment(shuffled)).toEqual(found);
        const claimed = all.filter(({ placement }) => placement !== undefined);
        expect(found === undefined).toBe(claimed.length === 0);
        expect(found === undefined || claimed.includes(found)).toBe(true);
      },
    ),
  );
});

test("it stays the same whatever becomes of the payments, and whatever is made after it", () => {
  const anyStatus = fc.constantFrom<Payment["status"]>("open", "processing", "captured", "cancelled");
  fc.assert(
    fc.property(anyPayments, anyPayments, anyStatus, (all, more, status) => {
      const found = orderPayment(all);
      const later = more.map((payment, index) => ({
        ...payment,
        id: `pi_!${index}`, // before every other by its id,
        createdAtMs: payment.createdAtMs + 10_000,
      }));
      const moved = all.map((payment) => ({ ...payment, status }));
      fc.pre(found !== undefined);
      expect(orderPayment([...later, ...moved])?.id).toBe(found?.id);
    }),
  );
});

test("a query has an order id in it, or is none", () => {
  const anyText = fc.oneof(
    fc.string(),
    fc.string().map((more) => `${orderId}${more}`),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const query = () => orderQuery(text as OrderId);
      if (text === orderId) {
        expect(query()).toBe(`metadata['order']:'${orderId}'`);
      } else {
        expect(query).toThrow();
      }
    }),
    { examples: [[`${orderId}' OR status:'succeeded`]] },
  );
});

test("a key that is a day old may be forgotten, if the cart was made within four hours of what its id says", () => {
  const madeAtMs = 1_700_000_000_000;
  const hourMs = 3_600_000;
  const order = newOrder(madeAtMs);
  fc.assert(
    fc.property(fc.integer({ min: -4 * hourMs, max: 4 * hourMs }), fc.nat(100 * hourMs), (wrongMs, ageMs) => {
      const firstUseMs = madeAtMs + wrongMs;
      const nowMs = firstUseMs + 24 * hourMs + ageMs + 1;
      expect(mayBeForgotten(order, nowMs)).toBe(true);
    }),
  );
  expect(mayBeForgotten(order, madeAtMs + keysTrustedMs)).toBe(false);
  expect(mayBeForgotten(order, madeAtMs)).toBe(false);
});
