import * as z from "zod";
import { dangling, type GraphIndex } from "../graph/index-graphs.ts";
import { GraphError } from "../graph/load.ts";
import { arnOf, readPart } from "../graph/read-inputs.ts";
import type { GraphResource } from "../graph/schema.ts";
import { type ServiceCaller, serviceMay } from "../services/iam/resource-policy.ts";
import type { FunctionDefinition } from "../services/lambda/definition.ts";
import type { SubscriptionDefinition, TopicDefinition } from "../services/sns/definition.ts";
import type { QueueDefinition } from "../services/sqs/definition.ts";
import { mayInvoke } from "./lambda-permissions.ts";
import { readJson, requireQueue } from "./queues.ts";
import { readPolicy, requireKey } from "./resource-policies.ts";

const topicType = "aws:sns/topic:Topic";
const policyType = "aws:sns/topicPolicy:TopicPolicy";
const subscriptionType = "aws:sns/topicSubscription:TopicSubscription";
export const topicTypes = [topicType, policyType, subscriptionType] as const;

const topicInputs = z.object({
  name: z.string(),
  fifoTopic: z.literal(false, "only standard topics are run").default(false),
  kmsMasterKeyId: z.string().optional(),
});

export function planTopics(index: GraphIndex): TopicDefinition[] {
  const policies = index.all(policyType);
  return index.all(topicType).map((resource) => {
    const { name, kmsMasterKeyId } = readPart(resource, "inputs", topicInputs);
    const arn = arnOf(resource);
    const own = policies.filter((policy) => policy.inputs["arn"] === arn);
    return {
      arn,
      name,
      region: resource.region,
      policy: [resource, ...own].flatMap(readPolicy),
      ...(kmsMasterKeyId === undefined ? {} : { keyArn: kmsMasterKeyId }),
    };
  });
}

const subscriptionInputs = z.object({
  topic: z.string(),
  protocol: z.enum(["lambda", "sqs"], "only functions and queues are subscribed here"),
  endpoint: z.string(),
  rawMessageDelivery: z.boolean().default(false),
  filterPolicy: z.never("filter policies are not run").optional(),
  deliveryPolicy: z.never("delivery policies are not run").optional(),
  redrivePolicy: z.string().optional(),
});
const redriveShape = z.object({ deadLetterTargetArn: z.string() });

export interface SubscriptionContext {
  readonly topics: readonly TopicDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly functions: readonly FunctionDefinition[];
}

/** Who gets a topic's messages, refused where SNS would get none through. */
export function planSubscriptions(index: GraphIndex, context: SubscriptionContext): SubscriptionDefinition[] {
  return index.all(subscriptionType).map((resource) => {
    const inputs = readPart(resource, "inputs", subscriptionInputs);
    const { topic: topicArn, protocol, endpoint, rawMessageDelivery: raw, redrivePolicy } = inputs;
    if (!context.topics.some(({ arn, region }) => arn === topicArn && region === resource.region))
      throw dangling(resource, topicArn);
    const caller = { service: "sns.amazonaws.com", sourceArn: topicArn };
    if (protocol === "lambda") requireFunction(index, resource, context.functions, endpoint, caller);
    else requireQueue(index, resource, context.queues, endpoint, caller);
    if (raw && protocol === "lambda")
      throw new GraphError(
        `${resource.name} in ${resource.region} would be refused: raw delivery is for queues`,
      );
    const subscription = { arn: arnOf(resource), topicArn, protocol, endpoint, raw };
    if (redrivePolicy === undefined) return subscription;
    const { deadLetterTargetArn: deadLetterArn } = readJson(
      resource,
      "redrivePolicy",
      redrivePolicy,
      redriveShape,
    );
    requireQueue(index, resource, context.queues, deadLetterArn, caller);
    return { ...subscription, deadLetterArn };
  });
}

/**
 * The function of the region that a service invokes.
 *
 * @throws GraphError when there is none, or its policy does not let the service
 */
export function requireFunction(
  index: GraphIndex,
  resource: GraphResource,
  functions: readonly FunctionDefinition[],
  arn: string,
  { service, sourceArn }: ServiceCaller,
): void {
  const called = functions.find((one) => one.arn === arn);
  if (called?.region !== resource.region) throw dangling(resource, arn);
  if (mayInvoke(index, called, { principal: service, sourceArn })) return;
  throw new GraphError(
    `${resource.name} in ${resource.region} may not invoke ${called.name}: it has no Lambda permission`,
  );
}

/**
 * The topic of the region that a service publishes to.
 *
 * @throws GraphError when there is none, or it would not take what the service publishes
 */
export function requireTopic(
  index: GraphIndex,
  resource: GraphResource,
  topics: readonly TopicDefinition[],
  arn: string,
  caller: ServiceCaller,
): void {
  const topic = topics.find((one) => one.arn === arn);
  if (topic?.region !== resource.region) throw dangling(resource, arn);
  if (!serviceMay(topic.policy, caller, { action: "sns:Publish", resource: arn })) {
    throw new GraphError(
      `${resource.name} in ${resource.region} cannot work: the policy of ${topic.name} does not let ${caller.service} publish for ${caller.sourceArn}`,
    );
  }
  requireKey(index, resource, topic.keyArn, caller);
}
