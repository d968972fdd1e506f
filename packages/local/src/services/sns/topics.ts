import type { WorldClock } from "../../links/clock.ts";
import { type Random, randomId } from "../../links/random.ts";
import type { Deliveries } from "../delivery/deliveries.ts";
import type { Attempted, GivenUp } from "../delivery/delivery.ts";
import { type ServiceCaller, serviceMay } from "../iam/resource-policy.ts";
import { AwsError } from "../service.ts";
import type { QueueMessage } from "../sqs/definition.ts";
import type { OutgoingMessage, SubscriptionDefinition, TopicDefinition, TopicMessage } from "./definition.ts";
import { retryDelayMs } from "./delivery-policy.ts";
import { functionEvent, notification, queueMessage } from "./envelope.ts";

/** As many messages of each topic are kept for people to look at. */
const keptMax = 100;

export interface Topics {
  create(topic: TopicDefinition): void;
  subscribe(subscription: SubscriptionDefinition): void;
  find(topicArn: string): TopicDefinition | undefined;
  /** Takes a message and says its id; deliveries follow in the background. Throws `NotFound`. */
  publish(topicArn: string, message: OutgoingMessage): string;
  /** The same for a service, when the topic's own policy lets it. */
  publishAs(caller: ServiceCaller, topicArn: string, message: OutgoingMessage): Attempted;
  /** A topic's latest messages, oldest first. */
  kept(topicArn: string): readonly TopicMessage[];
  /** Topics, in the order of their creation, with how many subscriptions each has. */
  list(): readonly { readonly topic: TopicDefinition; readonly subscriptions: number }[];
}

/** How messages leave SNS. Each says why the destination did not take it. */
export interface TopicDestinations {
  toFunction(caller: ServiceCaller, functionArn: string, payload: string): Promise<Attempted>;
  toQueue(caller: ServiceCaller, queueArn: string, message: QueueMessage): Promise<Attempted>;
}

export interface TopicsOptions {
  readonly deliveries: Pick<Deliveries, "start">;
  readonly destinations: TopicDestinations;
  readonly clock: WorldClock;
  readonly random: Random;
  /** The share of deliveries that are made twice, as SNS may; none when left out. */
  readonly duplicateShare?: number;
  /** Told of each message and what became of it, once for each subscription, for whoever measures. */
  readonly onOutcome?: (topic: TopicDefinition, outcome: TopicOutcome) => void;
  /** Told of a message that one subscription will never get. */
  readonly onLost?: (subscription: SubscriptionDefinition, message: TopicMessage, end: GivenUp) => void;
}

/** Taken; a subscription got it; it never will; then that lies in the dead-letter queue; or not even there. */
export type TopicOutcome = "published" | "delivered" | "failed" | "redriven" | "not-redriven";

interface Topic {
  readonly definition: TopicDefinition;
  readonly subscriptions: SubscriptionDefinition[];
  readonly kept: TopicMessage[];
}

export function createTopics(options: TopicsOptions): Topics {
  const { deliveries, destinations, clock, random, duplicateShare = 0, onOutcome = () => {} } = options;
  const byArn = new Map<string, Topic>();

  function topicOf(arn: string): Topic {
    const topic = byArn.get(arn);
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  }

  function publish(topicArn: string, outgoing: OutgoingMessage): string {
    const topic = topicOf(topicArn);
    const { definition } = topic;
    const { region } = definition;
    onOutcome(definition, "published");
    const message = { ...outgoing, id: randomId(random), topicArn, atMs: clock.now(region) };
    topic.kept.push(message);
    if (topic.kept.length > keptMax) topic.kept.shift();
    for (const subscription of topic.subscriptions) {
      deliver(definition, subscription, message);
      if (duplicateShare > 0 && random() < duplicateShare) deliver(definition, subscription, message);
    }
    return message.id;
  }

  /** Passes an attempt's result on, and tells of it when there is no failure. */
  function told(topic: TopicDefinition, outcome: TopicOutcome) {
    return (attempted: Attempted): Attempted => {
      if (attempted === undefined) onOutcome(topic, outcome);
      return attempted;
    };
  }

  function attempt(subscription: SubscriptionDefinition, message: TopicMessage): Promise<Attempted> {
    const caller = callerOf(message);
    return subscription.protocol === "lambda"
      ? destinations.toFunction(caller, subscription.endpoint, functionEvent(subscription, message))
      : destinations.toQueue(caller, subscription.endpoint, queueMessage(subscription, message));
  }

  function deliver(
    topic: TopicDefinition,
    subscription: SubscriptionDefinition,
    message: TopicMessage,
  ): void {
    deliveries.start({
      region: topic.region,
      attempt: () => attempt(subscription, message).then(told(topic, "delivered")),
      retryDelayMs: (retry) => retryDelayMs(retry, random),
      onGivenUp: (end) => bury(topic, subscription, message, end),
    });
  }

  /** Into the subscription's dead-letter queue, if it has one that takes it. */
  function bury(
    topic: TopicDefinition,
    subscription: SubscriptionDefinition,
    message: TopicMessage,
    end: GivenUp,
  ): void {
    const { deadLetterArn } = subscription;
    onOutcome(topic, "failed");
    if (deadLetterArn === undefined) {
      options.onLost?.(subscription, message, end);
      return;
    }
    const text = (value: string) => ({ dataType: "String", value });
    const attributes = {
      RequestID: text(message.id),
      ErrorCode: text(end.failure.code),
      ErrorMessage: text(end.failure.message),
    };
    const body = subscription.raw
      ? queueMessage(subscription, message).body
      : notification(subscription, message);
    deliveries.start({
      region: topic.region,
      attempt: () =>
        destinations
          .toQueue(callerOf(message), deadLetterArn, { body, attributes })
          .then(told(topic, "redriven")),
      retryDelayMs: (retry) => retryDelayMs(retry, random),
      onGivenUp(last) {
        onOutcome(topic, "not-redriven");
        options.onLost?.(subscription, message, last);
      },
    });
  }

  return {
    create: (definition) => void byArn.set(definition.arn, { definition, subscriptions: [], kept: [] }),
    subscribe: (subscription) => void topicOf(subscription.topicArn).subscriptions.push(subscription),
    find: (arn) => byArn.get(arn)?.definition,
    publish,
    publishAs(caller, topicArn, message) {
      const policy = byArn.get(topicArn)?.definition.policy;
      if (policy === undefined)
        return { code: "NO_RESOURCE", message: `${topicArn} does not exist`, retryable: false };
      if (!serviceMay(policy, caller, { action: "sns:Publish", resource: topicArn })) {
        const denial = `${caller.service} may not sns:Publish to ${topicArn} for ${caller.sourceArn}`;
        return { code: "NO_PERMISSIONS", message: denial, retryable: false };
      }
      publish(topicArn, message);
      return undefined;
    },
    kept: (arn) => topicOf(arn).kept,
    list: () =>
      [...byArn.values()].map(({ definition: topic, subscriptions }) => ({
        topic,
        subscriptions: subscriptions.length,
      })),
  };
}

const callerOf = ({ topicArn }: TopicMessage): ServiceCaller => ({
  service: "sns.amazonaws.com",
  sourceArn: topicArn,
});
