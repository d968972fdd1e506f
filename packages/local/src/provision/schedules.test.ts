import { describe, expect, it } from "vitest";
import { indexGraphs } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { probeFunction } from "../services/lambda/testing/probe-functions.ts";
import { planNotRun } from "./not-run.ts";
import { planSchedules, scheduleTypes } from "./schedules.ts";

const region = "eu-west-1";
const repair = probeFunction(region, { name: "shop-test-eu-west-1-Repair" });
const ruleArn = `arn:aws:events:${region}:111122223333:rule/repair`;

const rule = (inputs: Record<string, unknown> = {}): GraphResource => ({
  type: "aws:cloudwatch/eventRule:EventRule",
  name: "RepairRule",
  region,
  arn: ruleArn,
  inputs: { name: "repair", scheduleExpression: "rate(1 minute)", ...inputs },
  outputs: {},
});
const target = (inputs: Record<string, unknown> = {}): GraphResource => ({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  name: "RepairTarget",
  region,
  inputs: { rule: "repair", arn: repair.arn, ...inputs },
  outputs: {},
});
const permission = (inputs: Record<string, unknown> = {}): GraphResource => ({
  type: "aws:lambda/permission:Permission",
  name: "RepairPermission",
  region,
  inputs: {
    action: "lambda:InvokeFunction",
    function: repair.name,
    principal: "events.amazonaws.com",
    sourceArn: ruleArn,
    ...inputs,
  },
  outputs: {},
});

const graphs = (resources: GraphResource[]): Graph[] => [
  { version: 1, app: "shop", stage: `test-${region}`, region, resources },
];
const plan = (...resources: GraphResource[]) => planSchedules(indexGraphs(graphs(resources)), [repair]);

function refusal(...resources: GraphResource[]): string {
  try {
    plan(...resources);
    return "nothing was refused";
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
}

const planned = {
  name: "RepairRule",
  ruleArn,
  region,
  functionArn: repair.arn,
  functionName: repair.name,
  expression: "rate(1 minute)",
  periodMs: 60_000,
  enabled: true,
};

describe("schedules", () => {
  it("are the rules with their functions", () => {
    expect(plan(rule(), target(), permission())).toEqual([planned]);
    expect(plan()).toEqual([]);
  });

  it("may give the function an input of their own", () => {
    expect(plan(rule(), target({ input: '{"deep":true}' }), permission())).toEqual([
      { ...planned, input: '{"deep":true}' },
    ]);
  });

  it("may be disabled, and are checked all the same", () => {
    expect(plan(rule({ state: "DISABLED" }), target(), permission())).toEqual([
      { ...planned, enabled: false },
    ]);
    expect(refusal(rule({ state: "DISABLED" }), target())).toMatch(/may not invoke/);
  });

  it.each([
    ["rate(2 minutes)", 120_000],
    ["rate(1 hour)", 3_600_000],
    ["rate(30 days)", 2_592_000_000],
  ])("run at %s", (scheduleExpression, periodMs) => {
    const [one] = plan(rule({ scheduleExpression }), target(), permission());
    expect(one).toMatchObject({ periodMs, expression: scheduleExpression });
  });

  it.each([
    ["cron(0 12 * * ? *)", /^RepairRule in eu-west-1 cannot be run: cron\(.*\) is not run here/],
    ["rate(1 minutes)", /singular/],
    ["rate(5 minute)", /singular/],
    ["rate(0 minutes)", /at least 1/],
    ["rate(1.5 hours)", /is no schedule/],
    ["every minute", /is no schedule: write it as "rate\(5 minutes\)"/],
  ])("are refused at %s", (scheduleExpression, message) => {
    expect(refusal(rule({ scheduleExpression }), target(), permission())).toMatch(message);
  });

  it.each<[string, Record<string, unknown>]>([
    ["no permission of another principal", { principal: "apigateway.amazonaws.com" }],
    ["another rule's permission", { sourceArn: `${ruleArn}-more` }],
    ["another function's permission", { function: "shop-test-eu-west-1-Api" }],
    ["another right", { action: "lambda:GetFunction" }],
  ])("do not take %s for theirs", (_, inputs) => {
    expect(refusal(rule(), target(), permission(inputs))).toBe(
      "RepairRule in eu-west-1 may not invoke shop-test-eu-west-1-Repair: it has no Lambda permission",
    );
  });

  it("take a permission for any rule, and one that names the function by its ARN", () => {
    const sourceArn = `arn:aws:events:${region}:111122223333:rule/*`;
    expect(plan(rule(), target(), permission({ sourceArn, function: repair.arn }))).toEqual([planned]);
  });

  it("are refused in another region's name", () => {
    expect(refusal(rule(), target(), { ...permission(), region: "us-east-1" })).toMatch(/may not invoke/);
    expect(refusal(rule(), { ...target(), region: "us-east-1" }, permission())).toMatch(
      /^RepairTarget .* in us-east-1 refers to repair, which no stage deploys/,
    );
  });

  it("are refused when they lead nowhere", () => {
    expect(refusal(rule(), permission())).toBe("RepairRule in eu-west-1 has no target: nothing would run");
    expect(
      refusal(rule(), target({ arn: "arn:aws:sqs:eu-west-1:111122223333:queue" }), permission()),
    ).toMatch(/^RepairTarget .* refers to arn:aws:sqs/);
  });

  it.each<[Record<string, unknown>, Record<string, unknown>, RegExp]>([
    [{ eventPattern: "{}" }, {}, /a rule with a pattern and a schedule is not run/],
    [{ scheduleExpression: undefined }, {}, /a rule without a schedule is not run/],
    [{ eventBusName: "orders" }, {}, /only the default bus/],
    [{ state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }, {}, /inputs\.state/],
    [{}, { input: "{" }, /it is not JSON/],
    [{}, { inputPath: "$.detail" }, /input paths are not run/],
    [{}, { inputTransformer: {} }, /input transformers are not run/],
    [{}, { deadLetterConfig: {} }, /dead-letter queues are not run/],
  ])("are refused with what is not run: %j %j", (ruleInputs, targetInputs, message) => {
    expect(refusal(rule(ruleInputs), target(targetInputs), permission())).toMatch(message);
  });

  it("are not the rules that wait for events", () => {
    const waiting = {
      ...rule({ name: "news", eventPattern: "{}", scheduleExpression: undefined }),
      name: "News",
    };
    const led = target({ rule: "news", deadLetterConfig: { arn: "queue" }, arn: "arn:aws:events:x" });
    expect(plan(waiting, led, rule(), target(), permission())).toEqual([planned]);
  });

  it("leave alarms to the list of what is not run", () => {
    const alarm = { ...rule(), type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "SlowAlarm" };
    expect(planNotRun(indexGraphs(graphs([rule(), target(), permission(), alarm])), scheduleTypes)).toEqual([
      { type: "aws:cloudwatch/metricAlarm:MetricAlarm", count: 1, names: ["SlowAlarm"] },
    ]);
  });
});
