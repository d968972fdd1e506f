import { describe, expect, it } from "vitest";
import { AwsError } from "../service.ts";
import {
  asyncMetrics,
  callMetrics,
  destinationFailureMetrics,
  invocationMetrics,
  iteratorAgeMetrics,
  type Measurement,
  mappingMetrics,
  replicationMetrics,
  requestMetrics,
  ruleMetrics,
  topicMetrics,
} from "./service-metrics.ts";

/** `Errors 1 Count` by dimensions, as JSON. */
function byDimensions(measurements: readonly Measurement[]) {
  const groups = Map.groupBy(measurements, ({ dimensions }) => JSON.stringify(dimensions));
  const texts = [...groups].map(([dimensions, values]) => [
    dimensions,
    values.map(({ name, value, unit }) => `${name} ${value} ${unit}`),
  ]);
  return Object.fromEntries(texts);
}

describe("what services publish of themselves", () => {
  it("counts a function's calls, of it and of all functions, and says so when there was no error", () => {
    const values = [
      "Invocations 1 Count",
      "Errors 0 Count",
      "Throttles 0 Count",
      "Duration 12 Milliseconds",
      "ConcurrentExecutions 2 Count",
    ];
    const ran = invocationMetrics("Api", { type: "ran", durationMs: 12, failed: false, concurrent: 2 });
    expect(byDimensions(ran)).toEqual({ '{"FunctionName":"Api"}': values, "{}": values });
    expect(new Set(ran.map(({ namespace }) => namespace))).toEqual(new Set(["AWS/Lambda"]));
    const failed = invocationMetrics("Api", { type: "ran", durationMs: 12, failed: true, concurrent: 2 });
    expect(failed.find(({ name }) => name === "Errors")?.value).toBe(1);
    expect(byDimensions(invocationMetrics("Api", { type: "throttled" }))["{}"]).toEqual([
      "Throttles 1 Count",
    ]);
  });

  it("follows asynchronous calls and streams", () => {
    const of = (measurements: readonly Measurement[]) => byDimensions(measurements)['{"FunctionName":"Api"}'];
    expect(of(asyncMetrics("Api", { type: "received" }))).toEqual(["AsyncEventsReceived 1 Count"]);
    expect(of(asyncMetrics("Api", { type: "attempted", ageMs: 60_000 }))).toEqual([
      "AsyncEventAge 60000 Milliseconds",
    ]);
    expect(of(asyncMetrics("Api", { type: "dropped" }))).toEqual(["AsyncEventsDropped 1 Count"]);
    expect(of(iteratorAgeMetrics("Api", 7))).toEqual(["IteratorAge 7 Milliseconds"]);
  });

  it("says what was given up: by mappings, by destinations of failures, by rules and by topics", () => {
    expect(byDimensions(mappingMetrics("m1", "filed", 3))).toEqual({
      '{"EventSourceMappingUUID":"m1"}': ["OnFailureDestinationDeliveredEventCount 3 Count"],
    });
    expect(byDimensions(mappingMetrics("m1", "dropped", 2))).toEqual({
      '{"EventSourceMappingUUID":"m1"}': ["DroppedEventCount 2 Count"],
    });
    expect(byDimensions(destinationFailureMetrics("Api"))['{"FunctionName":"Api"}']).toEqual([
      "DestinationDeliveryFailures 1 Count",
    ]);
    const ofRule = (outcome: Parameters<typeof ruleMetrics>[1]) =>
      byDimensions(ruleMetrics("News", outcome))['{"RuleName":"News"}'];
    expect(ofRule("invoked")).toEqual(["Invocations 1 Count"]);
    expect(ofRule("failed")).toEqual(["Invocations 1 Count", "FailedInvocations 1 Count"]);
    expect(ofRule("sent-to-dlq")).toEqual(["InvocationsSentToDlq 1 Count"]);
    expect(ofRule("not-sent-to-dlq")).toEqual(["InvocationsFailedToBeSentToDlq 1 Count"]);
    expect(byDimensions(topicMetrics("Failover", "redriven"))).toEqual({
      '{"TopicName":"Failover"}': ["NumberOfNotificationsRedrivenToDlq 1 Count"],
    });
  });

  it("counts an API's requests, and those of a route by itself where that is asked for", () => {
    const api = { apiId: "a1", stage: "$default", detailedRoutes: ["GET /health", "$default"] };
    const request = { status: 503, latencyMs: 9, integrationLatencyMs: 8 };
    const values = [
      "Count 1 Count",
      "4xx 0 Count",
      "5xx 1 Count",
      "Latency 9 Milliseconds",
      "IntegrationLatency 8 Milliseconds",
    ];
    const ofApi = { '{"ApiId":"a1"}': values, '{"ApiId":"a1","Stage":"$default"}': values };
    expect(byDimensions(requestMetrics(api, { ...request, routeKey: "ANY /docs" }))).toEqual(ofApi);
    expect(byDimensions(requestMetrics(api, { ...request, routeKey: "GET /health" }))).toEqual({
      ...ofApi,
      '{"ApiId":"a1","Stage":"$default","Method":"GET","Resource":"/health"}': values,
    });
    expect(Object.keys(byDimensions(requestMetrics(api, { ...request, routeKey: "$default" })))).toContain(
      '{"ApiId":"a1","Stage":"$default","Method":"$default","Resource":"$default"}',
    );
    const unmatched = requestMetrics(api, { status: 404, latencyMs: 1 });
    expect(unmatched.filter(({ name }) => name === "4xx").map(({ value }) => value)).toEqual([1, 1]);
    expect(unmatched.some(({ name }) => name === "IntegrationLatency")).toBe(false);
  });

  it("names what went wrong at a table", () => {
    const call = { region: "eu-west-1", operation: "PutItem", tables: ["Carts"], latencyMs: 3 };
    const failed = (code: string, status = 400) =>
      byDimensions(callMetrics({ ...call, error: new AwsError(code, "", status) }));
    const byOperation = '{"TableName":"Carts","Operation":"PutItem"}';
    expect(byDimensions(callMetrics(call))).toEqual({
      [byOperation]: ["SuccessfulRequestLatency 3 Milliseconds"],
    });
    expect(failed("InternalServerError", 500)).toEqual({ [byOperation]: ["SystemErrors 1 Count"] });
    expect(failed("ThrottlingException")).toEqual({ [byOperation]: ["ThrottledRequests 1 Count"] });
    expect(failed("ConditionalCheckFailedException")).toEqual({
      '{"TableName":"Carts"}': ["ConditionalCheckFailedRequests 1 Count"],
    });
    expect(failed("TransactionConflictException")).toEqual({
      '{"TableName":"Carts"}': ["TransactionConflict 1 Count"],
    });
    expect(failed("ValidationException")).toEqual({ "{}": ["UserErrors 1 Count"] });
    expect(byDimensions(replicationMetrics("Carts", "us-east-1", 120))).toEqual({
      '{"TableName":"Carts","ReceivingRegion":"us-east-1"}': ["ReplicationLatency 120 Milliseconds"],
    });
  });
});
