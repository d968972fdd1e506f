/** Where the world's services report to. */
import type { Faults } from "../faults/faults.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { PlannedApi } from "../provision/http-apis.ts";
import type { WorldPlan } from "../provision/plan.ts";
import type { MeasuredRequest } from "../services/apigateway/http-api.ts";
import type { AlarmsOptions } from "../services/cloudwatch/alarms.ts";
import { type CloudWatch, createCloudWatch } from "../services/cloudwatch/cloudwatch.ts";
import { type Measurement, requestMetrics, ruleMetrics } from "../services/cloudwatch/service-metrics.ts";
import type { ScheduleDefinition } from "../services/eventbridge/definition.ts";
import type { CheckStore } from "../services/route53/check-store.ts";
import type { Queues } from "../services/sqs/queues.ts";

/** Route 53 publishes there, wherever its checks look. */
const route53Region = "us-east-1";

export interface WorldCloudWatchOptions extends Pick<AlarmsOptions, "publishToTopic" | "onAlarmStateChange"> {
  readonly plan: Pick<WorldPlan, "regions" | "alarms">;
  readonly faults: Pick<Faults, "state">;
  readonly scheduler: Scheduler;
}

export interface WorldCloudWatch extends CloudWatch {
  /** Records at this moment what a service has measured. */
  readonly measured: (region: string, measurements: readonly Measurement[]) => void;
}

/** CloudWatch with the alarms that the infrastructure declares. */
export function createWorldCloudWatch(options: WorldCloudWatchOptions): WorldCloudWatch {
  const { plan, faults, scheduler } = options;
  const cloudWatch = createCloudWatch({
    ...options,
    regions: plan.regions,
    isUp: (region) => !faults.state().down.includes(region),
  });
  return {
    ...cloudWatch,
    measured(region, measurements) {
      const atMs = scheduler.now();
      for (const measurement of measurements) cloudWatch.record(region, { ...measurement, atMs });
    },
  };
}

/** A region's API reports each request. */
export function reportRequests({ measured }: Pick<WorldCloudWatch, "measured">, api: PlannedApi) {
  const detailedRoutes = api.routes.flatMap((route) => (route.detailedMetrics ? [route.routeKey] : []));
  const measuredApi = { apiId: api.id, stage: "$default", detailedRoutes };
  return (request: MeasuredRequest) => measured(api.region, requestMetrics(measuredApi, request));
}

/** EventBridge reports each firing of a schedule's rule. None of them fails: Lambda's queue takes every call. */
export function reportFirings({ measured }: Pick<WorldCloudWatch, "measured">) {
  return ({ ruleArn, region }: Pick<ScheduleDefinition, "ruleArn" | "region">) =>
    measured(region, ruleMetrics(ruleArn.slice(ruleArn.lastIndexOf("/") + 1), "invoked"));
}

/** SQS reports how many messages of each queue wait, every minute. */
export function reportQueues({ gauge }: Pick<CloudWatch, "gauge">, queues: Queues): void {
  for (const { definition, counts } of queues.list()) {
    const of = { namespace: "AWS/SQS", dimensions: { QueueName: definition.name }, unit: "Count" };
    const report = (name: string, read: () => number) => gauge(definition.region, { ...of, name, read });
    report("ApproximateNumberOfMessagesVisible", () => counts().visible);
    report("ApproximateNumberOfMessagesNotVisible", () => counts().inFlight);
  }
}

/** The alarms of the infrastructure, judged from now on. */
export function startAlarms(
  cloudWatch: CloudWatch,
  plan: Pick<WorldPlan, "alarms" | "healthChecks">,
  checks: Pick<CheckStore, "isHealthy" | "healthyShare">,
): void {
  reportHealthChecks(cloudWatch, plan, checks);
  cloudWatch.alarms.add(plan.alarms);
  cloudWatch.start();
}

/** Route 53 reports each check every minute. */
function reportHealthChecks(
  cloudWatch: Pick<CloudWatch, "gauge">,
  plan: Pick<WorldPlan, "healthChecks">,
  checks: Pick<CheckStore, "isHealthy" | "healthyShare">,
): void {
  for (const { id, check } of plan.healthChecks) {
    const of = { namespace: "AWS/Route53", dimensions: { HealthCheckId: id } };
    const status = () => (checks.isHealthy(id) ? 1 : 0);
    cloudWatch.gauge(route53Region, { ...of, name: "HealthCheckStatus", unit: "None", read: status });
    if (check.type === "CALCULATED") continue;
    const percentage = () => checks.healthyShare(id) * 100;
    cloudWatch.gauge(route53Region, {
      ...of,
      name: "HealthCheckPercentageHealthy",
      unit: "Percent",
      read: percentage,
    });
  }
}
