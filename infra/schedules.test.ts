/** What runs by itself in every region. */
import { describe, expect, it } from "vitest";
import { functionsOf, graphOf, input, ofType, stages } from "./testing/graphs.ts";

describe.each(stages)("in %s", (stage) => {
  const graph = graphOf(stage);
  const rules = ofType(graph, "aws:cloudwatch/eventRule:EventRule").filter(
    (rule) => input(rule, "eventPattern") === undefined,
  );
  const targets = ofType(graph, "aws:cloudwatch/eventTarget:EventTarget").filter((target) =>
    rules.some((rule) => input(rule, "name") === input(target, "rule")),
  );
  const permissions = ofType(graph, "aws:lambda/permission:Permission").filter((permission) =>
    rules.some((rule) => rule.arn === input(permission, "sourceArn")),
  );

  it("there are three schedules", () => {
    expect(rules.map(({ name }) => name).sort()).toEqual([
      "HeartbeatSchedule",
      "ProberSchedule",
      "RepairSchedule",
    ]);
    expect(targets).toHaveLength(3);
    expect(permissions).toHaveLength(3);
  });

  it.each(["Heartbeat", "Prober", "Repair"])(
    "%s runs every minute: its rule, its target, and its permission",
    (name) => {
      const called = functionsOf(graph).find((one) => one.name === `${name}Function`);
      const rule = rules.find((one) => one.name === `${name}Schedule`);
      expect(called?.arn).toBeDefined();
      expect(rule?.inputs).toEqual({
        name: `${(called && input(called, "name")) ?? ""}Schedule`,
        scheduleExpression: "rate(1 minute)",
      });
      expect(targets.filter((target) => rule && input(target, "rule") === input(rule, "name"))).toMatchObject(
        [
          {
            region: graph.region,
            inputs: {
              arn: called?.arn,
              // What EventBridge could not hand over within its minute is the next minute's.
              retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
            },
          },
        ],
      );
      expect(
        permissions.filter((one) => input(one, "sourceArn") === rule?.arn).map(({ inputs }) => inputs),
      ).toEqual([
        {
          action: "lambda:InvokeFunction",
          function: called && input(called, "name"),
          principal: "events.amazonaws.com",
          sourceArn: rule?.arn,
        },
      ]);
    },
  );

  it("a run ends within the minute in which the next one may begin", () => {
    for (const name of ["HeartbeatFunction", "ProberFunction", "RepairFunction"]) {
      const timeout = functionsOf(graph).find((one) => one.name === name)?.function?.timeoutSeconds;
      expect(timeout, name).toBeLessThan(60);
    }
  });
});
