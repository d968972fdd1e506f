import { namedOutputs, type ResourceModels } from "../model.ts";

/** CloudWatch logs and alarms, EventBridge buses, rules and schedules (Pulumi keeps all but the last in one module). */
export const cloudwatchModels: ResourceModels = {
  "aws:cloudwatch/logGroup:LogGroup": {
    outputs: namedOutputs("logs", (name) => `log-group:${name}`),
    inputs: ["name", "retentionInDays", "kmsKeyId"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    outputs: namedOutputs("cloudwatch", (name) => `alarm:${name}`),
    inputs: [
      "name",
      "alarmDescription",
      "comparisonOperator",
      "evaluationPeriods",
      "datapointsToAlarm",
      "threshold",
      "metricName",
      "namespace",
      "dimensions",
      "statistic",
      "extendedStatistic",
      "period",
      "metricQueries",
      "treatMissingData",
      "alarmActions",
      "okActions",
      "insufficientDataActions",
    ],
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    outputs: namedOutputs("cloudwatch", (name) => `alarm:${name}`, { field: "alarmName" }),
    inputs: [
      "alarmName",
      "alarmDescription",
      "alarmRule",
      "actionsEnabled",
      "actionsSuppressor",
      "alarmActions",
      "okActions",
      "insufficientDataActions",
    ],
  },
  "aws:cloudwatch/eventBus:EventBus": {
    outputs: namedOutputs("events", (name) => `event-bus/${name}`),
    inputs: ["name"],
    read: (id) => ({ name: id }),
  },
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": {
    outputs: (context) => ({ id: context.given("eventBusName") ?? "default" }),
    inputs: ["eventBusName"],
    policies: { policy: "statements" },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    outputs: (context) => {
      const name = context.auto("name");
      const bus = context.given("eventBusName");
      const path = bus === undefined || bus === "default" ? name : `${bus}/${name}`;
      return { id: path, name, arn: context.arn("events", `rule/${path}`) };
    },
    inputs: ["name", "eventBusName", "eventPattern", "scheduleExpression", "state"],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    outputs: (context) => ({
      id: `${context.given("rule") ?? ""}-${context.auto("targetId")}`,
      targetId: context.auto("targetId"),
    }),
    inputs: [
      "rule",
      "eventBusName",
      "arn",
      "roleArn",
      "input",
      "inputPath",
      "inputTransformer",
      "retryPolicy",
      "deadLetterConfig",
    ],
  },
  "aws:scheduler/schedule:Schedule": {
    outputs: (context) => {
      const name = context.auto("name");
      const group = context.given("groupName") ?? "default";
      return { id: `${group}/${name}`, name, arn: context.arn("scheduler", `schedule/${group}/${name}`) };
    },
    inputs: [
      "name",
      "groupName",
      "scheduleExpression",
      "scheduleExpressionTimezone",
      "flexibleTimeWindow",
      "state",
      "target",
    ],
  },
};
