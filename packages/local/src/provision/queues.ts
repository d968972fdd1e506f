import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import { type ServiceCaller, serviceMay } from "../services/iam/resource-policy.ts";
import type { QueueDefinition } from "../services/sqs/definition.ts";
import { readPolicy, requireKey } from "./resource-policies.ts";

const queueType = "aws:sqs/queue:Queue";
const policyType = "aws:sqs/queuePolicy:QueuePolicy";
export const queueTypes = [queueType, policyType] as const;

const whole = (min: number, max: number, otherwise: number) =>
  z.number().int().min(min).max(max).default(otherwise);

const queueInputs = z.object({
  name: z.string(),
  fifoQueue: z.literal(false, "only standard queues are run").default(false),
  visibilityTimeoutSeconds: whole(0, 43_200, 30),
  messageRetentionSeconds: whole(60, 1_209_600, 345_600),
  maxMessageSize: whole(1_024, 1_048_576, 262_144),
  delaySeconds: whole(0, 900, 0),
  receiveWaitTimeSeconds: whole(0, 20, 0),
  redrivePolicy: z.string().optional(),
  kmsMasterKeyId: z.string().optional(),
});
const redriveShape = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1_000),
});

/** The queues of all regions, refused where their dead letters would go nowhere. */
export function planQueues(index: GraphIndex): QueueDefinition[] {
  const policies = index.all(policyType);
  return index.all(queueType).map((resource) => {
    const inputs = readPart(resource, "inputs", queueInputs);
    const url = resource.id;
    const own = policies.filter((policy) => policy.inputs["queueUrl"] === url);
    return {
      arn: arnOf(resource),
      name: inputs.name,
      region: resource.region,
      visibilityTimeoutMs: inputs.visibilityTimeoutSeconds * 1_000,
      retentionMs: inputs.messageRetentionSeconds * 1_000,
      delayMs: inputs.delaySeconds * 1_000,
      receiveWaitMs: inputs.receiveWaitTimeSeconds * 1_000,
      messageBytesMax: inputs.maxMessageSize,
      ...readRedrive(index, resource, inputs.redrivePolicy),
      policy: [resource, ...own].flatMap(readPolicy),
      ...(inputs.kmsMasterKeyId === undefined ? {} : { keyArn: inputs.kmsMasterKeyId }),
    };
  });
}

function readRedrive(index: GraphIndex, resource: GraphResource, text: string | undefined) {
  if (text === undefined) return {};
  const { deadLetterTargetArn, maxReceiveCount } = readJson(resource, "redrivePolicy", text, redriveShape);
  const target = index.byArn(deadLetterTargetArn, resource);
  if (target.type !== queueType || target.region !== resource.region)
    throw dangling(resource, deadLetterTargetArn);
  return { redrive: { deadLetterArn: deadLetterTargetArn, receivesMax: maxReceiveCount } };
}

/** An input that is JSON text. */
export function readJson<Shape extends z.ZodType>(
  resource: GraphResource,
  name: string,
  text: string,
  shape: Shape,
): z.infer<Shape> {
  try {
    const parsed = shape.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // answered below, as any other text that is not of this shape
  }
  throw new GraphError(
    `${resource.name} in ${resource.region} cannot be run: ${name} is not understood: ${text}`,
  );
}

/**
 * The queue that a service of the region sends to: as its target, or for what it could not deliver.
 *
 * @throws GraphError when there is none, or it would not take what the service sends
 */
export function requireQueue(
  index: GraphIndex,
  resource: GraphResource,
  queues: readonly QueueDefinition[],
  arn: string,
  caller: ServiceCaller,
): QueueDefinition {
  const queue = queues.find((one) => one.arn === arn);
  if (queue?.region !== resource.region) throw dangling(resource, arn);
  if (!serviceMay(queue.policy, caller, { action: "sqs:SendMessage", resource: arn })) {
    throw new GraphError(
      `${resource.name} in ${resource.region} cannot work: the policy of ${queue.name} does not let ${caller.service} send for ${caller.sourceArn}`,
    );
  }
  requireKey(index, resource, queue.keyArn, caller);
  return queue;
}
