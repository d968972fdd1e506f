/** What metric alarms and composite ones have in common. */
import * as z from "zod";
import type { GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import type { Alarm, AlarmActions } from "../services/cloudwatch/alarm.ts";

const topicType = "aws:sns/topic:Topic";

/** CloudWatch takes at most five for each state. */
const actionArns = z.array(z.string()).max(5, "CloudWatch takes at most five actions").default([]);

export const alarmName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x20-\x7e]+$/, "a name is printable ASCII");

export const commonInputs = {
  alarmDescription: z.string().max(1024, "CloudWatch takes at most 1024 characters").optional(),
  actionsEnabled: z.boolean().default(true),
  alarmActions: actionArns,
  okActions: actionArns,
  insufficientDataActions: actionArns,
  tags: z.record(z.string(), z.string()).optional(),
  region: z.string().optional(),
};

type CommonInputs = z.infer<z.ZodObject<typeof commonInputs>>;

/** The alarm's own members of the settings that all have. Throws when an action is none that CloudWatch could run. */
export function commonSettings(
  index: GraphIndex,
  resource: GraphResource,
  name: string,
  inputs: CommonInputs,
) {
  const topics = (arns: readonly string[]) => arns.map((arn) => topicArn(index, resource, arn));
  const actions: AlarmActions = {
    ALARM: topics(inputs.alarmActions),
    OK: topics(inputs.okActions),
    INSUFFICIENT_DATA: topics(inputs.insufficientDataActions),
  };
  return {
    arn: arnOf(resource),
    name,
    region: resource.region,
    ...(inputs.alarmDescription === undefined ? {} : { description: inputs.alarmDescription }),
    actionsEnabled: inputs.actionsEnabled,
    actions,
  };
}

function topicArn(index: GraphIndex, resource: GraphResource, arn: string): string {
  const { type, region } = index.byArn(arn, resource);
  if (type !== topicType) throw refused(resource, `action ${arn} is not run: only topics are told`);
  if (region !== resource.region)
    throw refused(resource, `CloudWatch tells topics of its own region only, and ${arn} is none`);
  return arn;
}

/** An alarm that CloudWatch would not take, or that is not run here. */
export function refused(resource: GraphResource, why: string): GraphError {
  return new GraphError(`${resource.name} in ${resource.region} cannot be run: ${why}`);
}

/** Two alarms of one name are one alarm to CloudWatch: the second would take the first one's place. */
export function requireDifferentNames(resources: readonly GraphResource[], alarms: readonly Alarm[]): void {
  for (const [index, { region, name }] of alarms.entries()) {
    const earlier = alarms.findIndex((other) => other.region === region && other.name === name);
    const resource = resources[index];
    if (earlier !== index && resource !== undefined)
      throw refused(resource, `${resources[earlier]?.name} is named ${name} too`);
  }
}
