/** What is published, put on buses and queued in the world, and how it gets from one service to the next. */
import type { createCallFailures } from "../faults/call-failures.ts";
import { withCallFailures } from "../faults/call-failures.ts";
import type { Faults } from "../faults/faults.ts";
import type { WorldClock } from "../links/clock.ts";
import type { Links } from "../links/links.ts";
import { createRandom, randomId } from "../links/random.ts";
import type { Scheduler } from "../links/scheduler.ts";
import type { WorldPlan } from "../provision/plan.ts";
import { type AlarmStateChange, eventOf } from "../services/cloudwatch/alarm-change.ts";
import type { TopicMessage as AlarmMessage } from "../services/cloudwatch/alarms.ts";
import {
  destinationFailureMetrics,
  type Measurement,
  ruleMetrics,
  topicMetrics,
} from "../services/cloudwatch/service-metrics.ts";
import { createDeliveries, type Deliveries } from "../services/delivery/deliveries.ts";
import type { Attempted, GivenUp } from "../services/delivery/delivery.ts";
import { type Buses, createBuses } from "../services/eventbridge/buses.ts";
import { createEventBridgeService } from "../services/eventbridge/eventbridge-service.ts";
import type { AsyncInvocations, FailedCall } from "../services/lambda/async-invocations.ts";
import { failureRecord } from "../services/lambda/failure-destination.ts";
import { type AwsService, account } from "../services/service.ts";
import { createSnsService } from "../services/sns/sns-service.ts";
import { createTopics, type Topics } from "../services/sns/topics.ts";
import { createQueues, type Queues } from "../services/sqs/queues.ts";
import { createSqsService } from "../services/sqs/sqs-service.ts";

/** SNS delivers at least once: one message in a hundred comes twice here, so that nobody leans on less. */
const duplicateShare = 0.01;

export interface MessagingOptions {
  readonly plan: Pick<WorldPlan, "topics" | "subscriptions" | "buses" | "eventRules" | "queues">;
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly clock: WorldClock;
  readonly faults: Pick<Faults, "state">;
  readonly links: Links;
  readonly asyncInvocations: Pick<AsyncInvocations, "run">;
  readonly failuresOf: (service: string) => ReturnType<typeof createCallFailures>;
  /** What the services measure of themselves. */
  readonly measured: (region: string, measurements: readonly Measurement[]) => void;
  readonly warn: (line: string) => void;
}

export interface Messaging {
  readonly topics: Topics;
  readonly buses: Buses;
  readonly queues: Queues;
  readonly deliveries: Pick<Deliveries, "waiting">;
  /** What the fronts hand requests to. */
  readonly services: readonly AwsService[];
  /** An alarm's action. */
  publishAlarm(message: AlarmMessage): void;
  /** An alarm's news, for the bus of its region. */
  alarmChanged(change: AlarmStateChange): void;
  /** An asynchronous call that failed for good, for where its function wants to hear of it. */
  buryCall(call: FailedCall): void;
  close(): void;
}

const regionOf = (arn: string) => arn.split(":")[3] ?? "";
const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1);

export function createMessaging(options: MessagingOptions): Messaging {
  const { plan, scheduler, clock, faults, links, failuresOf, measured, warn } = options;
  const random = createRandom(`${options.seed} messages`); // its own, so that a seed's links are the same with and without
  const deliveries = createDeliveries({
    scheduler,
    isDown: (region) => faults.state().down.includes(region),
    onBug: (error) => warn(`a delivery failed: ${error instanceof Error ? error.stack : String(error)}`),
  });
  const queues = createQueues({ scheduler, clock, random });
  const failing = createFailing(failuresOf);
  const destinations = createDestinations(options, queues);
  const lost = (what: string, to: string, { failure, retries }: GivenUp) =>
    warn(`${regionOf(to)}: ${what} for ${nameOf(to)} is lost after ${retries} retries: ${failure.message}`);
  const topics = createTopics({
    deliveries,
    destinations,
    clock,
    random,
    duplicateShare,
    onOutcome: ({ arn, region }, outcome) => measured(region, topicMetrics(nameOf(arn), outcome)),
    onLost: (subscription, _, end) => lost("a message", subscription.endpoint, end),
  });
  const buses = createBuses({
    account,
    deliveries,
    links,
    clock,
    random,
    destinations: {
      ...destinations,
      async toTopic(caller, topicArn, message) {
        const failure = failing("sns", "Publish", topicArn);
        return failure ?? topics.publishAs(caller, topicArn, { message });
      },
      toBus: (busArn) => failing("events", "PutEvents", busArn),
    },
    onOutcome: ({ name, region }, outcome) => measured(region, ruleMetrics(name, outcome)),
    onLost: (rule, target, end) => lost(`an event of ${rule.name}`, target.arn, end),
  });
  provision(plan, { topics, buses, queues });
  return {
    topics,
    buses,
    queues,
    deliveries,
    services: [
      withCallFailures(createSnsService(topics), failuresOf("sns")),
      withCallFailures(createEventBridgeService(buses), failuresOf("events")),
      withCallFailures(createSqsService(queues), failuresOf("sqs")),
    ],
    publishAlarm({ alarmArn, topicArn, subject, message }) {
      const caller = { service: "cloudwatch.amazonaws.com", sourceArn: alarmArn };
      const failure =
        failing("sns", "Publish", topicArn) ?? topics.publishAs(caller, topicArn, { subject, message });
      if (failure !== undefined)
        warn(`${regionOf(topicArn)}: ${nameOf(alarmArn)} told nobody: ${failure.message}`);
    },
    alarmChanged(change) {
      const busArn = `arn:aws:events:${change.region}:${account}:event-bus/default`;
      buses.take(busArn, eventOf(change, randomId(random)));
    },
    buryCall(call) {
      const { destination, functionArn } = call;
      if (destination === undefined) return;
      const region = regionOf(functionArn);
      const isQueue = destination.split(":")[2] === "sqs";
      const failure = isQueue
        ? failing("sqs", "SendMessage", destination)
        : failing("sns", "Publish", destination);
      if (failure !== undefined) {
        measured(region, destinationFailureMetrics(nameOf(functionArn)));
        warn(`${nameOf(functionArn)}: that a call failed for good is told nobody: ${failure.message}`);
        return;
      }
      const record = failureRecord(call, { atMs: clock.now(region), requestId: randomId(random) });
      if (isQueue) queues.find(destination)?.send({ body: record });
      else topics.publish(destination, { message: record });
    },
    close: deliveries.close,
  };
}

type Failing = (service: string, operation: string, arn: string) => Attempted;

/** A service that a fault makes fail takes nothing from other services either. */
function createFailing(failuresOf: MessagingOptions["failuresOf"]): Failing {
  return (service, operation, arn) => {
    const error = failuresOf(service).check(regionOf(arn), operation);
    return error && { code: "ERROR_FROM_TARGET", message: error.message, retryable: true };
  };
}

function createDestinations(
  { asyncInvocations, failuresOf }: Pick<MessagingOptions, "asyncInvocations" | "failuresOf">,
  queues: Queues,
) {
  const failing = createFailing(failuresOf);
  return {
    /** Hands over to Lambda's own queue, whose retries are its own too. */
    async toFunction(_: unknown, functionArn: string, payload: string): Promise<Attempted> {
      const failure = failing("lambda", "InvokeFunction", functionArn);
      if (failure === undefined) void asyncInvocations.run(functionArn, payload);
      return failure;
    },
    async toQueue(
      caller: Parameters<Queues["sendAs"]>[0],
      queueArn: string,
      message: Parameters<Queues["sendAs"]>[2],
    ): Promise<Attempted> {
      return failing("sqs", "SendMessage", queueArn) ?? queues.sendAs(caller, queueArn, message);
    },
  };
}

function provision(
  plan: MessagingOptions["plan"],
  { topics, buses, queues }: Pick<Messaging, "topics" | "buses" | "queues">,
): void {
  for (const queue of plan.queues) queues.create(queue);
  for (const topic of plan.topics) topics.create(topic);
  for (const subscription of plan.subscriptions) topics.subscribe(subscription);
  for (const busArn of plan.buses) buses.create(busArn);
  for (const rule of plan.eventRules) buses.addRule(rule);
}
