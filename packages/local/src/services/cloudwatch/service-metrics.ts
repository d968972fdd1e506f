/** What AWS's services publish of themselves, under the names and dimensions that they use. */
import type { MeasuredRequest } from "../apigateway/http-api.ts";
import type { MeasuredCall } from "../dynamodb/measured-call.ts";
import type { RuleOutcome } from "../eventbridge/buses.ts";
import type { AsyncEvent } from "../lambda/async-invocations.ts";
import type { PoolEvent } from "../lambda/pool.ts";
import type { TopicOutcome } from "../sns/topics.ts";
import type { RecordedValue } from "./metric.ts";

/** A value that has no time yet. */
export type Measurement = Omit<RecordedValue, "atMs">;

type Values = readonly (readonly [name: string, value: number, unit: string])[];

function under(
  namespace: string,
  dimensionSets: readonly Measurement["dimensions"][],
  values: Values,
): Measurement[] {
  return dimensionSets.flatMap((dimensions) =>
    values.map(([name, value, unit]) => ({ namespace, name, dimensions, value, unit })),
  );
}

/** Of one function, and without dimensions of all functions. Each call says of each count whether it was one. */
function ofFunction(functionName: string, values: Values): Measurement[] {
  return under("AWS/Lambda", [{ FunctionName: functionName }, {}], values);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function invocationMetrics(functionName: string, event: PoolEvent): Measurement[] {
  if (event.type === "throttled") return ofFunction(functionName, [["Throttles", 1, "Count"]]);
  return ofFunction(functionName, [
    ["Invocations", 1, "Count"],
    ["Errors", event.failed ? 1 : 0, "Count"],
    ["Throttles", 0, "Count"],
    ["Duration", event.durationMs, "Milliseconds"],
    ["ConcurrentExecutions", event.concurrent, "Count"],
  ]);
}

export function asyncMetrics(functionName: string, event: AsyncEvent): Measurement[] {
  switch (event.type) {
    case "received":
      return ofFunction(functionName, [["AsyncEventsReceived", 1, "Count"]]);
    case "attempted":
      return ofFunction(functionName, [["AsyncEventAge", event.ageMs, "Milliseconds"]]);
    case "dropped":
      return ofFunction(functionName, [["AsyncEventsDropped", 1, "Count"]]);
  }
}

export function iteratorAgeMetrics(functionName: string, ageMs: number): Measurement[] {
  return ofFunction(functionName, [["IteratorAge", ageMs, "Milliseconds"]]);
}

/** Lambda could not say where the function wants to hear of it that a call failed for good. */
export function destinationFailureMetrics(functionName: string): Measurement[] {
  return ofFunction(functionName, [["DestinationDeliveryFailures", 1, "Count"]]);
}

/** Of a mapping that is to count its events; only what failed for good is counted here. */
export function mappingMetrics(uuid: string, end: "filed" | "dropped", records: number): Measurement[] {
  const name = end === "filed" ? "OnFailureDestinationDeliveredEventCount" : "DroppedEventCount";
  return under("AWS/Lambda", [{ EventSourceMappingUUID: uuid }], [[name, records, "Count"]]);
}

const byRuleOutcome: Readonly<Record<RuleOutcome, readonly string[]>> = {
  invoked: ["Invocations"],
  failed: ["Invocations", "FailedInvocations"],
  "sent-to-dlq": ["InvocationsSentToDlq"],
  "not-sent-to-dlq": ["InvocationsFailedToBeSentToDlq"],
};

/** Of a rule on a region's default bus: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export function ruleMetrics(ruleName: string, outcome: RuleOutcome): Measurement[] {
  const counts = byRuleOutcome[outcome].map((name) => [name, 1, "Count"] as const);
  return under("AWS/Events", [{ RuleName: ruleName }], counts);
}

const byTopicOutcome: Readonly<Record<TopicOutcome, string>> = {
  published: "NumberOfMessagesPublished",
  delivered: "NumberOfNotificationsDelivered",
  failed: "NumberOfNotificationsFailed",
  redriven: "NumberOfNotificationsRedrivenToDlq",
  "not-redriven": "NumberOfNotificationsFailedToRedriveToDlq",
};

/** https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
export function topicMetrics(topicName: string, outcome: TopicOutcome): Measurement[] {
  return under("AWS/SNS", [{ TopicName: topicName }], [[byTopicOutcome[outcome], 1, "Count"]]);
}

export interface MeasuredApi {
  readonly apiId: string;
  readonly stage: string;
  /** Route keys that are measured by themselves. */
  readonly detailedRoutes: readonly string[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export function requestMetrics(
  { apiId, stage, detailedRoutes }: MeasuredApi,
  { routeKey, status, latencyMs, integrationLatencyMs }: MeasuredRequest,
): Measurement[] {
  const ofStage = { ApiId: apiId, Stage: stage };
  const isDetailed = routeKey !== undefined && detailedRoutes.includes(routeKey);
  const dimensionSets = [
    { ApiId: apiId },
    ofStage,
    ...(isDetailed ? [{ ...ofStage, ...routeDimensions(routeKey) }] : []),
  ];
  return under("AWS/ApiGateway", dimensionSets, [
    ["Count", 1, "Count"],
    ["4xx", status >= 400 && status < 500 ? 1 : 0, "Count"],
    ["5xx", status >= 500 ? 1 : 0, "Count"],
    ["Latency", latencyMs, "Milliseconds"],
    ...(integrationLatencyMs === undefined
      ? []
      : [["IntegrationLatency", integrationLatencyMs, "Milliseconds"] as const]),
  ]);
}

/** `GET /health` by method and path. How API Gateway writes `$default` is not documented: here it stands for both. */
function routeDimensions(routeKey: string): Measurement["dimensions"] {
  const [method = routeKey, resource = routeKey] = routeKey.split(" ");
  return { Method: method, Resource: resource };
}

const throttles = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];

/**
 * Those that DynamoDB publishes only when there is something to count; a table's errors by operation.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function callMetrics({ operation, tables, latencyMs, error }: MeasuredCall): Measurement[] {
  const byOperation = tables.map((table) => ({ TableName: table, Operation: operation }));
  const byTable = tables.map((table) => ({ TableName: table }));
  const one = (name: string, dimensionSets: readonly Measurement["dimensions"][]) =>
    under("AWS/DynamoDB", dimensionSets, [[name, 1, "Count"]]);
  if (error === undefined)
    return under("AWS/DynamoDB", byOperation, [["SuccessfulRequestLatency", latencyMs, "Milliseconds"]]);
  if (error.status >= 500) return one("SystemErrors", byOperation);
  if (throttles.includes(error.code)) return one("ThrottledRequests", byOperation);
  if (error.code === "ConditionalCheckFailedException") return one("ConditionalCheckFailedRequests", byTable);
  if (error.code === "TransactionConflictException") return one("TransactionConflict", byTable);
  return one("UserErrors", [{}]);
}

/** Published by the region that the write comes from. */
export function replicationMetrics(table: string, to: string, lagMs: number): Measurement[] {
  const dimensions = { TableName: table, ReceivingRegion: to };
  return under("AWS/DynamoDB", [dimensions], [["ReplicationLatency", lagMs, "Milliseconds"]]);
}
