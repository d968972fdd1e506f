import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { RuleDefinition, TargetDefinition } from "../services/eventbridge/definition.ts";
import { compilePattern, ruleDialect } from "../services/eventbridge/pattern.ts";
import { ageMaxOfAllMs, retriesMaxOfAll } from "../services/eventbridge/retry-policy.ts";
import { account } from "../services/service.ts";
import { requireRole } from "./event-roles.ts";
import { requireQueue } from "./queues.ts";
import { requireFunction, requireTopic, type SubscriptionContext } from "./topics.ts";

const ruleType = "aws:cloudwatch/eventRule:EventRule";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
export const busType = "aws:cloudwatch/eventBus:EventBus";

const patternLengthMax = 2_048;
const targetsMax = 5;

const ruleInputs = z.object({
  name: z.string(),
  eventBusName: z.string().default("default"),
  eventPattern: z.string().max(patternLengthMax, `EventBridge takes at most ${patternLengthMax} characters`),
  state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
});

const targetInputs = z.object({
  rule: z.string(),
  targetId: z.string().optional(),
  arn: z.string(),
  roleArn: z.string().optional(),
  input: z.string().optional(),
  inputPath: z.never("input paths are not run").optional(),
  inputTransformer: z.never("input transformers are not run").optional(),
  retryPolicy: z
    .object({
      maximumEventAgeInSeconds: z
        .number()
        .int()
        .min(60)
        .max(86_400)
        .default(ageMaxOfAllMs / 1_000),
      maximumRetryAttempts: z.number().int().min(0).max(185).default(retriesMaxOfAll),
    })
    .optional(),
  deadLetterConfig: z.object({ arn: z.string() }).optional(),
});

/** The default bus of each region, and those that are declared. */
export function planBuses(index: GraphIndex): string[] {
  const defaults = index.graphs.map(({ region }) => busArn(region, "default"));
  return [...defaults, ...index.all(busType).map(arnOf)];
}

const busArn = (region: string, name: string) => `arn:aws:events:${region}:${account}:event-bus/${name}`;

export interface EventRuleContext extends SubscriptionContext {
  readonly buses: readonly string[];
}

/** Rules that wait for events, with their targets, refused where no event would get through. */
export function planEventRules(index: GraphIndex, context: EventRuleContext): RuleDefinition[] {
  return index
    .all(ruleType)
    .filter(({ inputs }) => inputs["eventPattern"] !== undefined)
    .map((resource) => {
      const inputs = readPart(resource, "inputs", ruleInputs);
      const compiled = compilePattern(inputs.eventPattern, ruleDialect);
      if (!compiled.ok) throw refused(resource, `would be refused: ${compiled.error} in its pattern`);
      const bus = inputs.eventBusName.startsWith("arn:")
        ? inputs.eventBusName
        : busArn(resource.region, inputs.eventBusName);
      if (!context.buses.includes(bus)) throw dangling(resource, bus);
      const targets = targetsOf(index, resource, inputs.name);
      if (targets.length === 0) throw refused(resource, "has no target: nothing would run");
      if (targets.length > targetsMax)
        throw refused(resource, `would be refused: a rule has at most ${targetsMax} targets`);
      return {
        arn: arnOf(resource),
        name: inputs.name,
        region: resource.region,
        busArn: bus,
        pattern: inputs.eventPattern,
        enabled: inputs.state === "ENABLED",
        targets: targets.map((target) => planTarget(index, target, arnOf(resource), context)),
      };
    });
}

const refused = (resource: GraphResource, why: string) =>
  new GraphError(`${resource.name} in ${resource.region} ${why}`);

function targetsOf(index: GraphIndex, rule: GraphResource, name: string): readonly GraphResource[] {
  return index
    .all(targetType)
    .filter(({ region, inputs }) => region === rule.region && inputs["rule"] === name);
}

const typeByService: Readonly<Record<string, TargetDefinition["type"]>> = {
  lambda: "function",
  sns: "topic",
  sqs: "queue",
  events: "bus",
};

function planTarget(
  index: GraphIndex,
  resource: GraphResource,
  ruleArn: string,
  context: EventRuleContext,
): TargetDefinition {
  const inputs = readPart(resource, "inputs", targetInputs);
  const { arn, input, retryPolicy, deadLetterConfig } = inputs;
  const type = typeByService[arn.split(":")[2] ?? ""];
  if (type === undefined)
    throw refused(resource, `cannot be run: ${arn} is no function, topic, queue or bus`);
  const caller = { service: "events.amazonaws.com", sourceArn: ruleArn };
  if (type === "function") requireFunction(index, resource, context.functions, arn, caller);
  if (type === "topic") requireTopic(index, resource, context.topics, arn, caller);
  if (type === "queue") requireQueue(index, resource, context.queues, arn, caller);
  if (type === "bus") requireBus(index, resource, { arn, roleArn: inputs.roleArn, ruleArn }, context);
  if (input !== undefined && !isJson(input))
    throw refused(resource, "would be refused: its input is not JSON");
  if (deadLetterConfig !== undefined)
    requireQueue(index, resource, context.queues, deadLetterConfig.arn, caller);
  return {
    id: inputs.targetId ?? resource.name,
    type,
    arn,
    retriesMax: retryPolicy?.maximumRetryAttempts ?? retriesMaxOfAll,
    ageMaxMs: (retryPolicy?.maximumEventAgeInSeconds ?? ageMaxOfAllMs / 1_000) * 1_000,
    ...(deadLetterConfig === undefined ? {} : { deadLetterArn: deadLetterConfig.arn }),
    ...(input === undefined ? {} : { input }),
  };
}

interface BusTarget {
  readonly arn: string;
  readonly roleArn: string | undefined;
  readonly ruleArn: string;
}

/** EventBridge puts events on another bus with the target's role, or not at all. */
function requireBus(
  index: GraphIndex,
  resource: GraphResource,
  { arn, roleArn, ruleArn }: BusTarget,
  { buses }: EventRuleContext,
): void {
  if (!buses.includes(arn)) throw dangling(resource, arn);
  if (roleArn === undefined) throw refused(resource, `cannot work: a target that is a bus needs a role`);
  const need = { action: "events:PutEvents", resource: arn };
  requireRole(index, resource, roleArn, { service: "events.amazonaws.com", sourceArn: ruleArn }, need);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
