import type { WorldClock } from "../../links/clock.ts";
import { LinkError, type Links } from "../../links/links.ts";
import { type Random, randomId } from "../../links/random.ts";
import type { Deliveries } from "../delivery/deliveries.ts";
import type { Attempted, Delivery, GivenUp } from "../delivery/delivery.ts";
import type { ServiceCaller } from "../iam/resource-policy.ts";
import type { QueueMessage } from "../sqs/definition.ts";
import { deadLetter } from "./dead-letter.ts";
import type { BusEvent, RuleDefinition, TargetDefinition } from "./definition.ts";
import { eventTime } from "./event-time.ts";
import { compilePattern, ruleDialect } from "./pattern.ts";
import { backoffMs } from "./retry-policy.ts";

/** What somebody puts on a bus. */
export interface PutEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  /** By the region's clock when left out, ms since 1970. */
  readonly atMs?: number;
}

export interface Buses {
  create(busArn: string): void;
  /** Throws when the pattern is none: whoever plans rules has tried it. */
  addRule(rule: RuleDefinition): void;
  has(busArn: string): boolean;
  /** Takes an event and says its id; deliveries follow in the background. */
  put(busArn: string, event: PutEvent): string;
  /** The same for an event of an AWS service, which has all that makes it one. */
  take(busArn: string, event: BusEvent): void;
}

/** How events leave EventBridge. Each says why the destination did not take it. */
export interface EventDestinations {
  toFunction(caller: ServiceCaller, functionArn: string, payload: string): Promise<Attempted>;
  toTopic(caller: ServiceCaller, topicArn: string, message: string): Promise<Attempted>;
  toQueue(caller: ServiceCaller, queueArn: string, message: QueueMessage): Promise<Attempted>;
  /** Whether a bus takes an event at this moment. */
  toBus(busArn: string): Attempted;
}

export interface BusesOptions {
  readonly account: string;
  readonly deliveries: Pick<Deliveries, "start">;
  readonly destinations: EventDestinations;
  readonly links: Links;
  readonly clock: WorldClock;
  readonly random: Random;
  /** Told of what became of each event that a rule matched, once for each of its targets, for whoever measures. */
  readonly onOutcome?: (rule: RuleDefinition, outcome: RuleOutcome) => void;
  /** Told of an event that a target will never get. */
  readonly onLost?: (rule: RuleDefinition, target: TargetDefinition, end: GivenUp) => void;
}

/** A target got it; it never will; then that lies in the dead-letter queue; or not even there. */
export type RuleOutcome = "invoked" | "failed" | "sent-to-dlq" | "not-sent-to-dlq";

/** How an event came here: from another bus of the region, from another region. */
interface Hops {
  readonly bus: boolean;
  readonly region: boolean;
}

const noHops: Hops = { bus: false, region: false };

interface CompiledRule {
  readonly definition: RuleDefinition;
  readonly fits: (event: unknown) => boolean;
}

export function createBuses(options: BusesOptions): Buses {
  const { account, deliveries, destinations, links, clock, random, onOutcome = () => {} } = options;
  const rulesByBus = new Map<string, CompiledRule[]>();

  /** Events go to the targets of each rule they fit; a bus that nobody has takes them and drops them, as on AWS. */
  function enter(busArn: string, event: BusEvent, hops: Hops): void {
    for (const { definition, fits } of rulesByBus.get(busArn) ?? []) {
      if (!definition.enabled || !fits(event)) continue;
      for (const target of definition.targets) pass(definition, target, event, hops);
    }
  }

  function pass(rule: RuleDefinition, target: TargetDefinition, event: BusEvent, hops: Hops): void {
    deliveries.start({
      region: rule.region,
      attempt: () => attempt(rule, target, event, hops).then(told(rule, "invoked")),
      retryDelayMs: (retry) => (retry > target.retriesMax ? undefined : backoffMs(retry, random)),
      ageMaxMs: target.ageMaxMs,
      onGivenUp: (end) => bury(rule, target, event, end),
    });
  }

  /** Passes an attempt's result on, and tells of it when there is no failure. */
  function told(rule: RuleDefinition, outcome: RuleOutcome) {
    return (attempted: Attempted): Attempted => {
      if (attempted === undefined) onOutcome(rule, outcome);
      return attempted;
    };
  }

  function attempt(rule: RuleDefinition, target: TargetDefinition, event: BusEvent, hops: Hops) {
    const caller = callerOf(rule);
    const text = target.input ?? JSON.stringify(event);
    switch (target.type) {
      case "function":
        return destinations.toFunction(caller, target.arn, text);
      case "topic":
        return destinations.toTopic(caller, target.arn, text);
      case "queue":
        return destinations.toQueue(caller, target.arn, { body: text });
      case "bus":
        return toBus(rule.region, target.arn, event, hops);
    }
  }

  /** One hop between regions and one within a region is all that EventBridge allows. */
  async function toBus(from: string, busArn: string, event: BusEvent, hops: Hops): Promise<Attempted> {
    const to = busArn.split(":")[3] ?? "";
    const isRemote = to !== from;
    if (isRemote ? hops.region : hops.bus) {
      const code = isRemote ? "THIRD_REGION_HOP_DETECTED" : "THIRD_ACCOUNT_HOP_DETECTED";
      const message = "Events received from another event bus cannot be forwarded to this event bus.";
      return { code, message, retryable: false };
    }
    try {
      await links.cross(from, to, "request");
      const refused = destinations.toBus(busArn);
      if (refused === undefined) {
        const received = isRemote
          ? { ...event, id: randomId(random), time: eventTime(clock.now(to)) }
          : event;
        enter(busArn, received, { bus: hops.bus || !isRemote, region: hops.region || isRemote });
      }
      await links.cross(to, from, "request"); // a lost answer makes it come twice
      return refused;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return { code: "CROSS_REGION_INGESTION_FAILED", message: error.message, retryable: true };
    }
  }

  function bury(rule: RuleDefinition, target: TargetDefinition, event: BusEvent, end: GivenUp): void {
    const { deadLetterArn } = target;
    onOutcome(rule, "failed");
    if (deadLetterArn === undefined) {
      options.onLost?.(rule, target, end);
      return;
    }
    const letter = deadLetter(rule, target, event, end);
    const delivery: Delivery = {
      region: rule.region,
      attempt: () =>
        destinations.toQueue(callerOf(rule), deadLetterArn, letter).then(told(rule, "sent-to-dlq")),
      retryDelayMs: (retry) => backoffMs(retry, random),
      ageMaxMs: target.ageMaxMs,
      onGivenUp(last) {
        onOutcome(rule, "not-sent-to-dlq");
        options.onLost?.(rule, target, last);
      },
    };
    deliveries.start(delivery);
  }

  return {
    create: (busArn) => void rulesByBus.set(busArn, []),
    addRule(definition) {
      const compiled = compilePattern(definition.pattern, ruleDialect);
      if (!compiled.ok) throw new Error(`the pattern of ${definition.name}: ${compiled.error}`);
      const rules = rulesByBus.get(definition.busArn);
      if (rules === undefined) throw new Error(`${definition.name} is of no bus: ${definition.busArn}`);
      rules.push({ definition, fits: compiled.value });
    },
    has: (busArn) => rulesByBus.has(busArn),
    take: (busArn, event) => enter(busArn, event, noHops),
    put(busArn, { source, detailType, detail, resources, atMs }) {
      const region = busArn.split(":")[3] ?? "";
      const event: BusEvent = {
        version: "0",
        id: randomId(random),
        "detail-type": detailType,
        source,
        account,
        time: eventTime(atMs ?? clock.now(region)),
        region,
        resources,
        detail,
      };
      enter(busArn, event, noHops);
      return event.id;
    },
  };
}

const callerOf = ({ arn }: RuleDefinition): ServiceCaller => ({
  service: "events.amazonaws.com",
  sourceArn: arn,
});
