import { createFakePayments, type FakePayments } from "@antipode/core/testing";
import type { ConformanceProvider } from "./provider.ts";

const processingMs = 500;
const pageSize = 3;

/** The memory provider; both regions ask the same one. */
export function openFakeProvider(): ConformanceProvider & { readonly fake: FakePayments } {
  let nowMs = 1_700_000_000_000;
  const fake = createFakePayments({ clock: { nowMs: () => nowMs }, processingMs, pageSize });
  return {
    fake,
    regions: [fake, fake],
    pageSize,
    nowMs: () => nowMs,
    async loseNext(lost, operation) {
      fake.failNext(operation, { lost });
    },
    async goAway() {
      fake.faultWith(() => ({ lost: "request" }));
    },
    async heal() {
      fake.faultWith(() => undefined);
    },
    async giveBack(paymentId, amountMinor) {
      fake.giveBack(paymentId, amountMinor);
    },
    async act(paymentId, outcome) {
      fake.act(paymentId, outcome);
    },
    async passProcessing() {
      nowMs += processingMs;
    },
    async books(order) {
      return {
        payments: fake
          .ledger()
          .filter(({ payment }) => payment.orderId === order)
          .map(({ payment, captures }) => ({
            id: payment.id,
            placement: payment.placement ?? "",
            amountMinor: payment.amount.amountMinor,
            currency: payment.amount.currency,
            captures,
            capturedMinor: captures * payment.amount.amountMinor,
            refundedMinor: payment.refundedMinor,
          })),
      };
    },
    async close() {},
  };
}
