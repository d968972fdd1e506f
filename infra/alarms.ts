/** What an operator must hear of selling: each tells people by itself, since no other alarm says the same. */
import { alarm, own } from "./alarm.ts";

alarm("OrdersOverdue", {
  runbook: "orders-overdue",
  says: "Orders are open ten minutes after their hold ended, or cannot be brought forward, or Repair does not run.",
  metric: own("Repair", "OrdersOverdue", "Maximum"),
  above: 0,
  minutes: 5,
  missing: "breaching",
  tells: "people",
});

alarm("PaymentsUnmatched", {
  runbook: "payments-unmatched",
  says: "The provider has payments of this region that no order here knows.",
  metric: own("Repair", "PaymentsUnmatched", "Maximum"),
  above: 0,
  minutes: 1,
  missing: "ignore", // stays as it is until the next whole look: about one run of Repair in ten looks at payments
  tells: "people",
});

alarm("OrdersPaidTwice", {
  runbook: "payments-unmatched",
  says: "An order has two payments, which no claim should make.",
  metric: own("OrdersDispatcher", "OrdersPaidTwice", "Sum"),
  above: 0,
  minutes: 1,
  missing: "notBreaching", // it is counted when it is seen, and hopefully never
  tells: "people",
});

alarm("RefundsFailed", {
  runbook: "payments-unmatched",
  says: "A bank sent a refund back: the shopper has neither goods nor money.",
  metric: own("Checkout", "RefundsFailed", "Sum"),
  above: 0,
  minutes: 1,
  missing: "notBreaching",
  tells: "people",
});

alarm("LeaseShort", {
  runbook: "lease-short",
  says: "The region's lease to sell runs out in less than six hours, or Heartbeat does not run.",
  metric: own("Heartbeat", "LeaseRemaining", "Minimum"),
  below: 6 * 3_600,
  minutes: 5,
  missing: "breaching",
  tells: "people",
});
