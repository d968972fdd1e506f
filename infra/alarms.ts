/**
 * What an operator must hear of selling. Each alarm's text names its runbook in docs/operating/runbooks. Operators
 * subscribe to the region's topic; silence is trouble where a function reports every minute.
 */
import { heartbeat, prober, repair } from "./schedules.ts";
import { stage, stageName } from "./stage.ts";
import { alarmsTopic } from "./topics.ts";

interface Alarm {
  /** The file in docs/operating/runbooks, without its ending. */
  runbook: string;
  says: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: "Sum" | "Minimum" | "Maximum";
  comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  threshold: number;
  /** Minutes that must be bad, of as many. */
  minutes: number;
  missing: "breaching" | "notBreaching" | "ignore";
}

function alarm(name: string, { runbook, says, minutes, missing, ...metric }: Alarm) {
  new aws.cloudwatch.MetricAlarm(name, {
    ...metric,
    name: stageName(name),
    alarmDescription: `${says} Runbook: docs/operating/runbooks/${runbook}.md`,
    period: 60,
    evaluationPeriods: minutes,
    datapointsToAlarm: minutes,
    treatMissingData: missing,
    alarmActions: [alarmsTopic.arn],
    okActions: [alarmsTopic.arn],
  });
}

/** The dimensions that Powertools publishes a metric under: all of them, or the alarm would watch another metric. */
const own = (service: string) => ({
  namespace: "Antipode",
  dimensions: { environment: stage.environment, service },
});

alarm("OrdersOverdue", {
  ...own("Repair"),
  runbook: "orders-overdue",
  says: "Orders are open ten minutes after their hold ended, or cannot be brought forward, or Repair does not run.",
  metricName: "OrdersOverdue",
  statistic: "Maximum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  minutes: 5,
  missing: "breaching",
});

alarm("PaymentsUnmatched", {
  ...own("Repair"),
  runbook: "payments-unmatched",
  says: "The provider has payments of this region that no order here knows.",
  metricName: "PaymentsUnmatched",
  statistic: "Maximum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  minutes: 1,
  missing: "ignore", // stays as it is until the next whole look: about one run of Repair in ten looks at payments
});

alarm("OrdersPaidTwice", {
  ...own("OrdersDispatcher"),
  runbook: "payments-unmatched",
  says: "An order has two payments, which no claim should make.",
  metricName: "OrdersPaidTwice",
  statistic: "Sum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  minutes: 1,
  missing: "notBreaching", // it is counted when it is seen, and hopefully never
});

alarm("RefundsFailed", {
  ...own("Checkout"),
  runbook: "payments-unmatched",
  says: "A bank sent a refund back: the shopper has neither goods nor money.",
  metricName: "RefundsFailed",
  statistic: "Sum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  minutes: 1,
  missing: "notBreaching",
});

alarm("LeaseShort", {
  ...own("Heartbeat"),
  runbook: "lease-short",
  says: "The region's lease to sell runs out in less than six hours, or Heartbeat does not run.",
  metricName: "LeaseRemaining",
  statistic: "Minimum",
  comparisonOperator: "LessThanThreshold",
  threshold: 6 * 3_600,
  minutes: 5,
  missing: "breaching",
});

for (const [name, target] of Object.entries({ Heartbeat: heartbeat, Prober: prober, Repair: repair })) {
  alarm(`${name}Errors`, {
    runbook: "scheduled-function-errors",
    says: `${name} fails; the next minute tries again.`,
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: target.name },
    statistic: "Sum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    minutes: 3,
    missing: "notBreaching",
  });
}
