import type { PaymentFaults } from "../faults/payment-faults.ts";

/** The provider's faults as the sandbox is told them: all that are in force, in place of those before. */
export function sandboxFaults(faults: PaymentFaults): object {
  const { slowMs, declineAll, failShare, loseAnswerShare, webhookDelayMs, webhookTo, webhookTwice } = faults;
  const list = [
    slowMs !== undefined && { type: "slow", ms: slowMs },
    declineAll && { type: "decline" },
    failShare !== undefined && { type: "fail", effect: "none", share: failShare },
    loseAnswerShare !== undefined && { type: "lose-answer", share: loseAnswerShare },
    webhookDelayMs !== undefined && { type: "webhook-late", ms: webhookDelayMs },
    webhookTo !== undefined && { type: "webhook-elsewhere", to: webhookTo },
    webhookTwice && { type: "webhook-twice" },
  ].filter((fault) => typeof fault === "object");
  return list.length === 0 ? { off: true } : { faults: list };
}
