/** What the graphs say must run, as data: everything is resolved, and refused here if it leads nowhere. */
import { indexGraphs } from "../graph/index-graphs.ts";
import type { Graph } from "../graph/schema.ts";
import type { NewDistribution } from "../services/cloudfront/distribution-store.ts";
import type { Policies } from "../services/cloudfront/policies.ts";
import type { Alarm } from "../services/cloudwatch/alarm.ts";
import type { RuleDefinition } from "../services/eventbridge/definition.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import type { SubscriptionDefinition, TopicDefinition } from "../services/sns/definition.ts";
import type { QueueDefinition } from "../services/sqs/definition.ts";
import { type AliasTarget, customDomainTypes, planAliasTargets } from "./alias-targets.ts";
import { bucketType, type PlannedBucket, planBuckets } from "./buckets.ts";
import { alarmTypes, planAlarms } from "./composite-alarms.ts";
import { distributionType, planDistributions } from "./distributions.ts";
import { edgePolicyTypes, planEdgePolicies } from "./edge-policies.ts";
import {
  eventInvokeConfigType,
  type PlannedAsyncSettings,
  planAsyncSettings,
} from "./event-invoke-configs.ts";
import { busType, planBuses, planEventRules } from "./event-rules.ts";
import { mappingType, type PlannedMapping, planMappings } from "./event-source-mappings.ts";
import { functionType, planFunctions } from "./functions.ts";
import { healthCheckType, type PlannedHealthCheck, planHealthChecks } from "./health-checks.ts";
import { apiPartTypes, apiType, type PlannedApi, planApis } from "./http-apis.ts";
import { invocationType, type PlannedInvocation, planInvocations } from "./invocations.ts";
import { type NotRun, planNotRun } from "./not-run.ts";
import { planQueues, queueTypes } from "./queues.ts";
import { recordType } from "./record-sets.ts";
import { type PlannedSchedule, planSchedules, scheduleTypes } from "./schedules.ts";
import { type PlannedTable, planTables, tableType } from "./tables.ts";
import { planSubscriptions, planTopics, topicTypes } from "./topics.ts";
import { type PlannedZone, planZones } from "./zones.ts";

export interface WorldPlan {
  readonly app: string;
  readonly environment: string;
  /** Home first. */
  readonly regions: readonly string[];
  readonly tables: readonly PlannedTable[];
  readonly buckets: readonly PlannedBucket[];
  readonly functions: readonly FunctionDefinition[];
  readonly mappings: readonly PlannedMapping[];
  readonly apis: readonly PlannedApi[];
  /** What a deployment calls once. */
  readonly invocations: readonly PlannedInvocation[];
  /** What runs by itself, again and again. */
  readonly schedules: readonly PlannedSchedule[];
  readonly topics: readonly TopicDefinition[];
  readonly subscriptions: readonly SubscriptionDefinition[];
  readonly queues: readonly QueueDefinition[];
  /** By ARN, the default ones included. */
  readonly buses: readonly string[];
  /** What waits for events. */
  readonly eventRules: readonly RuleDefinition[];
  /** Of asynchronous calls, where a function has its own. */
  readonly asyncSettings: readonly PlannedAsyncSettings[];
  /** Children before the composite ones that refer to them. */
  readonly alarms: readonly Alarm[];
  /** Children before those that add them up. */
  readonly healthChecks: readonly PlannedHealthCheck[];
  /** What names of AWS's own zones stand for. */
  readonly aliasTargets: readonly AliasTarget[];
  readonly zones: readonly PlannedZone[];
  /** CDNs, and the policies of their behaviours beside AWS's own. */
  readonly distributions: readonly NewDistribution[];
  readonly edgePolicies: Policies;
  readonly notRun: readonly NotRun[];
  readonly resourceCount: number;
}

const runTypes = [
  tableType,
  bucketType,
  functionType,
  mappingType,
  apiType,
  ...apiPartTypes,
  invocationType,
  ...scheduleTypes,
  ...topicTypes,
  ...queueTypes,
  busType,
  eventInvokeConfigType,
  ...alarmTypes,
  ...customDomainTypes,
  healthCheckType,
  recordType,
  distributionType,
  ...edgePolicyTypes,
];

/**
 * @param graphs every stage of one environment, home first
 * @throws GraphError in one line, when something refers to what no stage deploys, or lacks the rights to work
 */
export function planWorld(graphs: readonly Graph[], secrets: Readonly<Record<string, string>>): WorldPlan {
  const index = indexGraphs(graphs);
  const tables = planTables(index);
  const buckets = planBuckets(index);
  const functions = planFunctions(index, secrets);
  const topics = planTopics(index);
  const queues = planQueues(index);
  const buses = planBuses(index);
  const receivers = { topics, queues, functions };
  const healthChecks = planHealthChecks(index);
  const aliasTargets = planAliasTargets(index);
  const zones = planZones(index, { healthChecks, aliasTargets });
  const edgePolicies = planEdgePolicies(index);
  const [home] = graphs;
  return {
    app: home?.app ?? "",
    environment: home?.stage.slice(0, -home.region.length - 1) ?? "",
    regions: graphs.map((graph) => graph.region),
    tables,
    buckets,
    functions,
    mappings: planMappings(index, { tables, buckets, functions }),
    apis: planApis(index, functions),
    invocations: planInvocations(index, functions),
    schedules: planSchedules(index, functions),
    topics,
    subscriptions: planSubscriptions(index, receivers),
    queues,
    buses,
    eventRules: planEventRules(index, { ...receivers, buses }),
    asyncSettings: planAsyncSettings(index, receivers),
    alarms: planAlarms(index),
    healthChecks,
    aliasTargets,
    zones,
    distributions: planDistributions(index, { policies: edgePolicies, zones }),
    edgePolicies,
    notRun: planNotRun(index, runTypes),
    resourceCount: graphs.reduce((sum, graph) => sum + graph.resources.length, 0),
  };
}
