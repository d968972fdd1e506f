import { setTimeout as sleep } from "node:timers/promises";
import { createStripePayments } from "../../payments/create-stripe-payments.ts";
import { createStripeClient } from "../../payments/stripe-client.ts";
import type { ConformanceProvider } from "./provider.ts";
import { type SandboxProcess, sandboxKey, startSandbox } from "./start-sandbox.ts";

const pageSize = 3;

/** The request of each operation that has its effect. */
const requestOf = {
  claim: "update",
  authorize: "confirm",
  capture: "capture",
  cancel: "cancel",
  refund: "refund",
} as const;

/** The shipped adapter with Stripe's SDK, over the sandbox's process; waits are a quarter of what they are. */
export async function openSandboxProvider(): Promise<
  ConformanceProvider & { readonly sandbox: SandboxProcess }
> {
  const sandbox = await startSandbox();
  const region = () =>
    createStripePayments({
      secretKey: sandboxKey,
      baseUrl: sandbox.url,
      timeouts: { readMs: 5_000, changeMs: 5_000 },
      delay: (ms) => sleep(ms / 4),
      pageSize,
    });
  return {
    sandbox,
    regions: [region(), region()],
    pageSize,
    nowMs: () => Date.now(),
    loseNext: (what, operation) =>
      sandbox.tell({
        type: what === "answer" ? "lose-answer" : "unreachable",
        on: [requestOf[operation]],
        times: 1,
      }),
    goAway: () => sandbox.tell({ type: "unreachable" }),
    heal: () => sandbox.tell(),
    async giveBack(paymentId, amountMinor) {
      const account = createStripeClient({ secretKey: sandboxKey, baseUrl: sandbox.url });
      await account.refunds.create({ payment_intent: paymentId, amount: amountMinor });
    },
    async act(paymentId, outcome) {
      await sandbox.post(`/sandbox/payments/${paymentId}/act`, { outcome });
    },
    async passProcessing() {
      await sandbox.post("/sandbox/decide", {});
    },
    async books(order) {
      const { payments } = await sandbox.ledger(order);
      return {
        payments: payments.map(({ id, placement, amount, currency, charges, refunds }) => ({
          id,
          placement,
          amountMinor: amount,
          currency: currency.toUpperCase(),
          captures: charges.reduce((sum, charge) => sum + charge.captures, 0),
          capturedMinor: charges.reduce((sum, charge) => sum + charge.amountCaptured, 0),
          refundedMinor: refunds.reduce((sum, refund) => sum + refund.amount, 0),
        })),
      };
    },
    close: sandbox.close,
  };
}
