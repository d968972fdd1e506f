/**
 * The alarms by which other regions vote to drain this one (core/src/votes/evidence.ts). Each is a share or a percentile
 * of enough requests, never a count: a region without shoppers raises none, and one that is drained recovers. Checkers'
 * requests are taken off, since a drained region answers them with 503; and so is what is refused because
 * another region is away, or one that is lost would take those down that stand in for it.
 */
import { type Metric, mathAlarm, ofFunction, own } from "./alarm.ts";
import { api, hotRoutes } from "./api.ts";
import { checkedRoutes } from "./health.ts";
import { environmentName } from "./stage.ts";

const runbook = "region-unwell";

/** Requests a minute below which a share says nothing. */
const requestsMin = 50;

const ofStage = { ApiId: api.nodes.api.id, Stage: "$default" };

function ofRoute(route: string, metricName: string, stat: string): Metric {
  const [method = "", resource = ""] = route.split(" ");
  const dimensions = { ...ofStage, Method: method, Resource: resource };
  return { namespace: "AWS/ApiGateway", metricName, dimensions, stat };
}

const filled = (ids: readonly string[]) => ids.map((id) => `FILL(${id}, 0)`);

/** Percent that `bad` is of `all`, where there is enough of it. */
const share = (bad: string, all: string) => `IF((${all}) >= ${requestsMin}, 100 * (${bad}) / (${all}), 0)`;

/** What Route 53's checkers ask of the Health function: neither its answers nor its failures say how shoppers are served. */
const checkedIds = checkedRoutes.map((_, at) => `w${at}`);
const checked5xxIds = checkedIds.map((id) => `${id}x5`);

/** 503 for want of another region, as the functions that answer count it. */
const wantIds = ["p0", "p1"];

const apiErrors = mathAlarm("ApiErrors", {
  runbook,
  says: "One request in twenty is answered with a 5xx that is this region's own.",
  metrics: {
    all: { namespace: "AWS/ApiGateway", metricName: "Count", dimensions: ofStage, stat: "Sum" },
    all5xx: { namespace: "AWS/ApiGateway", metricName: "5xx", dimensions: ofStage, stat: "Sum" },
    ...Object.fromEntries(checkedRoutes.map((route, at) => [`w${at}`, ofRoute(route, "Count", "Sum")])),
    ...Object.fromEntries(checkedRoutes.map((route, at) => [`w${at}x5`, ofRoute(route, "5xx", "Sum")])),
    p0: own("Api", "RefusedForPeers", "Sum"),
    p1: own("Checkout", "RefusedForPeers", "Sum"),
  },
  expression: share(
    filled(["all5xx", ...checked5xxIds, ...wantIds]).join(" - "),
    filled(["all", ...checkedIds, ...wantIds]).join(" - "),
  ),
  above: 5,
  minutes: 3,
  bad: 2,
  missing: "notBreaching",
  tells: "functions",
});

const apiLatency = mathAlarm("ApiLatency", {
  runbook,
  says: "One request in twenty for products or carts takes longer than two seconds.",
  metrics: Object.fromEntries(
    hotRoutes.flatMap((route, at) => [
      [`n${at}`, ofRoute(route, "Count", "Sum")],
      [`p${at}`, ofRoute(route, "Latency", "p95")], // of fifty requests the third slowest
    ]),
  ),
  expression: `MAX([${hotRoutes
    .map((_, at) => `IF(FILL(n${at}, 0) >= ${requestsMin}, FILL(p${at}, 0), 0)`)
    .join(", ")}])`,
  above: 2_000,
  minutes: 4,
  bad: 3,
  missing: "notBreaching",
  tells: "functions",
});

const shopThrottles = mathAlarm("ShopThrottles", {
  runbook,
  says: "Lambda turns one call in twenty of the shop's functions away.",
  metrics: {
    t0: ofFunction("Api", "Throttles"),
    t1: ofFunction("Checkout", "Throttles"),
    n0: ofFunction("Api", "Invocations"),
    n1: ofFunction("Checkout", "Invocations"),
  },
  expression: share(filled(["t0", "t1"]).join(" + "), filled(["t0", "t1", "n0", "n1"]).join(" + ")),
  above: 5,
  minutes: 3,
  bad: 2,
  missing: "notBreaching",
  tells: "functions",
});

/** What shoppers wait for most: five, since an alarm has ten metrics at most. */
const operations = [
  ["Views", "GetItem"],
  ["Carts", "Query"],
  ["Carts", "UpdateItem"],
  ["Stock", "Query"],
  ["Orders", "TransactWriteItems"],
] as const;

function ofOperation([table, operation]: readonly [string, string], metricName: string, stat: string) {
  const dimensions = { TableName: environmentName(table), Operation: operation };
  return { namespace: "AWS/DynamoDB", metricName, dimensions, stat };
}

const tableErrors = mathAlarm("TableErrors", {
  runbook,
  says: "DynamoDB fails one call in twenty here.",
  metrics: Object.fromEntries(
    operations.flatMap((operation, at) => [
      [`e${at}`, ofOperation(operation, "SystemErrors", "Sum")],
      [`n${at}`, ofOperation(operation, "SuccessfulRequestLatency", "SampleCount")],
    ]),
  ),
  expression: share(
    filled(operations.map((_, at) => `e${at}`)).join(" + "),
    filled(operations.flatMap((_, at) => [`e${at}`, `n${at}`])).join(" + "),
  ),
  above: 5,
  minutes: 3,
  bad: 2,
  missing: "notBreaching",
  tells: "functions",
});

export const evidence = [apiErrors, apiLatency, shopThrottles, tableErrors];
