import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { ScheduleDefinition } from "../services/eventbridge/definition.ts";
import { parseRate } from "../services/eventbridge/rate.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import { mayInvoke } from "./lambda-permissions.ts";

const ruleType = "aws:cloudwatch/eventRule:EventRule";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
export const scheduleTypes = [ruleType, targetType] as const;

/** A schedule as the service runs it, and what a person calls it. */
export interface PlannedSchedule extends ScheduleDefinition {
  /** The rule's name in the graph. */
  readonly name: string;
  readonly functionName: string;
  /** As it is written: `rate(1 minute)`. */
  readonly expression: string;
}

const defaultBus = z.literal("default", "only the default bus has schedules").default("default");

const ruleInputs = z.object({
  name: z.string(),
  eventBusName: defaultBus,
  eventPattern: z.never("a rule with a pattern and a schedule is not run").optional(),
  scheduleExpression: z.string("a rule without a schedule is not run"),
  state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
});

/** How a firing that EventBridge cannot hand over is retried may be set: here it always can be. */
const targetInputs = z.object({
  rule: z.string(),
  eventBusName: defaultBus,
  arn: z.string(),
  input: z.string().refine(isJson, "it is not JSON").optional(),
  inputPath: z.never("input paths are not run").optional(),
  inputTransformer: z.never("input transformers are not run").optional(),
  deadLetterConfig: z.never("dead-letter queues are not run").optional(),
});

/** Rules with a pattern wait for events: they are no schedules. */
const isSchedule = ({ inputs }: GraphResource) =>
  inputs["eventPattern"] === undefined || inputs["scheduleExpression"] !== undefined;

/** The functions that rules run on a schedule, each refused when its function would not let the rule invoke it. */
export function planSchedules(
  index: GraphIndex,
  functions: readonly FunctionDefinition[],
): PlannedSchedule[] {
  const others = index.all(ruleType).filter((rule) => !isSchedule(rule));
  const isOfOthers = (target: GraphResource) =>
    others.some(({ region, inputs }) => region === target.region && inputs["name"] === target.inputs["rule"]);
  const rules = index
    .all(ruleType)
    .filter(isSchedule)
    .map((rule) => ({ rule, inputs: readPart(rule, "inputs", ruleInputs) }));
  const scheduled = index.all(targetType).filter((target) => !isOfOthers(target));
  const targets = scheduled.map((target) => {
    const inputs = readPart(target, "inputs", targetInputs);
    const of = rules.find((one) => one.rule.region === target.region && one.inputs.name === inputs.rule);
    if (!of) throw dangling(target, inputs.rule);
    return { target, inputs, of };
  });
  for (const { rule } of rules) {
    if (!targets.some(({ of }) => of.rule === rule)) {
      throw new GraphError(`${rule.name} in ${rule.region} has no target: nothing would run`);
    }
  }
  return targets.map(({ target, inputs, of }) => {
    const called = functions.find(({ arn }) => arn === inputs.arn);
    if (called?.region !== target.region) throw dangling(target, inputs.arn);
    requireInvocable(index, of.rule, called);
    return {
      name: of.rule.name,
      ruleArn: arnOf(of.rule),
      region: target.region,
      functionArn: called.arn,
      functionName: called.name,
      expression: of.inputs.scheduleExpression,
      periodMs: periodOf(of.rule, of.inputs.scheduleExpression),
      enabled: of.inputs.state === "ENABLED",
      ...(inputs.input === undefined ? {} : { input: inputs.input }),
    };
  });
}

function requireInvocable(index: GraphIndex, rule: GraphResource, called: FunctionDefinition): void {
  if (mayInvoke(index, called, { principal: "events.amazonaws.com", sourceArn: arnOf(rule) })) return;
  throw new GraphError(
    `${rule.name} in ${rule.region} may not invoke ${called.name}: it has no Lambda permission`,
  );
}

function periodOf(rule: GraphResource, expression: string): number {
  const period = parseRate(expression);
  if (!period.ok) throw new GraphError(`${rule.name} in ${rule.region} cannot be run: ${period.error}`);
  return period.value;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
