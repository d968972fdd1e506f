/** What a region does by itself: functions, streams, tables, and what was to be handed over and was not. */
import { alarm, type Metric, ofFunction, own, sumAlarm } from "./alarm.ts";
import { streams } from "./dispatchers.ts";
import { environmentName, stage, stageName } from "./stage.ts";
import { undeliveredNews } from "./undelivered-news.ts";

const tables = ["Catalog", "Carts", "Stock", "Orders", "Control"] as const;
const dispatchers = tables.map((table) => `${table}Dispatcher`);
const scheduled = ["Heartbeat", "Prober", "Repair"];
const listeners = ["Failover", "Recovery"];
const counted = { above: 0, missing: "notBreaching", tells: "composite" } as const;

const errorsOf = (names: readonly string[]) => names.map((name) => ofFunction(name, "Errors"));

export const shopFunctionErrors = sumAlarm("ShopFunctionErrors", {
  ...counted,
  runbook: "region-unwell",
  says: "Functions that shoppers wait for crash or run out of time.",
  metrics: errorsOf(["Api", "Checkout", "Docs", "Peer"]),
  above: 5,
  minutes: 5,
  bad: 3,
});

const functions = [
  ...scheduled.map((name) =>
    alarm(`${name}Errors`, {
      ...counted,
      runbook: "scheduled-function-errors",
      says: `${name} fails; the next minute tries again.`,
      metric: ofFunction(name, "Errors"),
      minutes: 3,
    }),
  ),
  sumAlarm("HealthErrors", {
    ...counted,
    runbook: "region-closed",
    says: "Route 53's checkers are not answered: the Health function crashes, or Lambda turns calls of it away.",
    metrics: [ofFunction("Health", "Errors"), ofFunction("Health", "Throttles")],
    above: 5,
    minutes: 5,
    bad: 3,
  }),
  alarm("ProberSilent", {
    runbook: "scheduled-function-errors",
    says: "Prober reports nothing: this region votes on no other one.",
    metric: own("Prober", "RegionsDrained", "SampleCount"),
    below: 1,
    minutes: 3,
    missing: "breaching",
    tells: "composite",
  }),
  sumAlarm("OperatorFunctionErrors", {
    ...counted,
    runbook: "scheduled-function-errors",
    says: "A function that an operator or a deployment starts has failed.",
    metrics: errorsOf(["Backfill", "Replay", "Reclaim"]),
    minutes: 3,
    bad: 1,
  }),
  alarm("BackfillStopped", {
    ...counted,
    runbook: "scheduled-function-errors",
    says: "A backfill was to go on by itself and did not: views of this region are missing.",
    metric: own("Backfill", "BackfillStopped", "Sum"),
    minutes: 1,
  }),
  sumAlarm("BackgroundThrottles", {
    ...counted,
    runbook: "dispatchers-behind",
    says: "Lambda turns away calls of functions that run by themselves.",
    metrics: [...dispatchers, ...scheduled, ...listeners].map((name) => ofFunction(name, "Throttles")),
    minutes: 6,
    bad: 5,
  }),
];

/** The prober writes to Control every ten seconds: where its dispatcher reports nothing, it does not run. */
const isBusy = (table: string) => table === "Control";

const dispatching = [
  sumAlarm("DispatcherErrors", {
    ...counted,
    runbook: "dispatchers-behind",
    says: "A dispatcher crashes or runs out of time.",
    metrics: errorsOf(dispatchers),
    minutes: 5,
    bad: 3,
  }),
  ...tables.map((table) =>
    alarm(`${table}DispatcherBehind`, {
      ...counted,
      runbook: "dispatchers-behind",
      says: `${table}Dispatcher is a minute behind its stream${isBusy(table) ? ", or does not run" : ""}.`,
      metric: ofFunction(`${table}Dispatcher`, "IteratorAge", "Maximum"),
      above: 60_000,
      minutes: 5,
      missing: isBusy(table) ? "breaching" : "notBreaching",
    }),
  ),
  sumAlarm("BatchesFailed", {
    ...counted,
    runbook: "dispatchers-behind",
    says: "Stream records could not be applied: they are in the FailedBatches bucket, or lost.",
    metrics: tables.flatMap((table) =>
      ["OnFailureDestinationDeliveredEventCount", "DroppedEventCount"].map(
        (metricName): Metric => ({
          namespace: "AWS/Lambda",
          metricName,
          dimensions: { EventSourceMappingUUID: streams[table]?.uuid ?? "" },
          stat: "Sum",
        }),
      ),
    ),
    minutes: 3,
    bad: 1,
  }),
];

const operations = [
  ["Views", "GetItem"],
  ["Views", "Query"],
  ["Carts", "Query"],
  ["Carts", "UpdateItem"],
  ["Catalog", "PutItem"],
  ["Stock", "Query"],
  ["Stock", "UpdateItem"],
  ["Orders", "Query"],
  ["Orders", "TransactWriteItems"],
  ["Control", "Query"],
] as const;

const tableThrottles = sumAlarm("TableThrottles", {
  ...counted,
  runbook: "table-throttles",
  says: "DynamoDB turns away more than a hundred calls a minute.",
  metrics: operations.map(([table, operation]) => ({
    namespace: "AWS/DynamoDB",
    metricName: "ThrottledRequests",
    dimensions: { TableName: environmentName(table), Operation: operation },
    stat: "Sum",
  })),
  above: 100,
  minutes: 6,
  bad: 5,
});

const ofRule = (rule: string, metricName: string): Metric => ({
  namespace: "AWS/Events",
  metricName,
  dimensions: { RuleName: stageName(rule) },
  stat: "Sum",
});
const newsRules = ["FailoverNews", "RecoveryNews", ...(stage.isPersonal ? [] : ["NewsAbroad", "EndsAbroad"])];

const undelivered = [
  sumAlarm("NewsErrors", {
    ...counted,
    runbook: "news-undelivered",
    says: "Failover or Recovery fails to hear alarms or to act on them.",
    metrics: errorsOf(listeners),
    minutes: 3,
    bad: 2,
  }),
  sumAlarm("EventsDropped", {
    ...counted,
    runbook: "news-undelivered",
    says: "Lambda has given up calls that nobody waits for.",
    metrics: [
      ...[...scheduled, ...listeners, "Backfill"].map((name) => ofFunction(name, "AsyncEventsDropped")),
      ...listeners.map((name) => ofFunction(name, "DestinationDeliveryFailures")),
    ],
    minutes: 3,
    bad: 1,
  }),
  sumAlarm("RulesFailing", {
    ...counted,
    runbook: "news-undelivered",
    says: "EventBridge cannot hand over what a rule matches.",
    metrics: [
      ...scheduled.map((name) => ofRule(`${name}Schedule`, "FailedInvocations")),
      ...newsRules.map((name) => ofRule(name, "FailedInvocations")), // in the queue, or not even there
    ],
    minutes: 3,
    bad: 1,
  }),
  alarm("NewsUndelivered", {
    ...counted,
    runbook: "news-undelivered",
    says: "News of alarms or drains lies in the UndeliveredNews queue.",
    metric: {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: undeliveredNews.name },
      stat: "Maximum",
    },
    minutes: 1,
  }),
];

const failoverPending = alarm("FailoverPending", {
  ...counted,
  runbook: "failover-pending",
  says: "What is to be done about a drain or its end is not completed after five attempts.",
  metric: own("Prober", "PendingFailovers", "Minimum"),
  minutes: 20,
});

export const work = [...functions, ...dispatching, tableThrottles, ...undelivered, failoverPending];
