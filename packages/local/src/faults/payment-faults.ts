import * as z from "zod";
import { formatMs, formatShare } from "./format.ts";

/** Nobody waits longer for a payment; webhooks may come days later, and a drill is over sooner. */
export const slowMaxMs = 60_000;
export const webhookDelayMaxMs = 3_600_000;

const share = z.number().min(0).max(1);

/** What can be wrong with the payment provider, in the words of the sandbox that plays it. */
export const paymentFaultsSchema = z
  .strictObject({
    /** It takes this much longer to answer. */
    slowMs: z.number().min(0).max(slowMaxMs),
    /** Every card is declined. */
    declineAll: z.boolean(),
    /** This share of calls fails, without effect. */
    failShare: share,
    /** This share of calls takes effect, and its answer never arrives. */
    loseAnswerShare: share,
    /** Webhooks are sent this much later. */
    webhookDelayMs: z.number().min(0).max(webhookDelayMaxMs),
    /** Webhooks are sent to these regions alone. */
    webhookTo: z.array(z.string().min(1)),
    /** Each webhook is sent twice. */
    webhookTwice: z.boolean(),
  })
  .partial();

/** Absent members are as they always are: never 0, false or empty. */
export interface PaymentFaults {
  readonly slowMs?: number;
  readonly declineAll?: true;
  readonly failShare?: number;
  readonly loseAnswerShare?: number;
  readonly webhookDelayMs?: number;
  readonly webhookTo?: readonly string[];
  readonly webhookTwice?: true;
}

/** The faults after a change: what it names takes the place of what was, and 0, false or an empty list ends it. */
export function changePaymentFaults(
  faults: PaymentFaults,
  change: z.infer<typeof paymentFaultsSchema>,
): PaymentFaults {
  const merged = Object.entries({ ...faults, ...change });
  return Object.fromEntries(merged.filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value)));
}

/** A line for each, and the member that it is about. */
export function describePaymentFaults(faults: PaymentFaults) {
  const { slowMs, failShare, loseAnswerShare, webhookDelayMs, webhookTo } = faults;
  const texts: Readonly<Record<keyof PaymentFaults, string | false | undefined>> = {
    slowMs: slowMs !== undefined && `each answer takes ${formatMs(slowMs)}`,
    declineAll: faults.declineAll && "every card is declined",
    failShare: failShare !== undefined && `${formatShare(failShare)} of calls fail`,
    loseAnswerShare: loseAnswerShare !== undefined && `${formatShare(loseAnswerShare)} of answers are lost`,
    webhookDelayMs: webhookDelayMs !== undefined && `webhooks come ${formatMs(webhookDelayMs)} late`,
    webhookTo: webhookTo !== undefined && `webhooks go to ${webhookTo.join(", ")} alone`,
    webhookTwice: faults.webhookTwice && "each webhook comes twice",
  };
  return Object.entries(texts).flatMap(([member, text]) =>
    text ? [{ subject: `payments ${member}`, text: `payments: ${text}` }] : [],
  );
}
