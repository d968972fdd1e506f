import { beforeEach, describe, expect, it } from "vitest";
import { createFaults, type Faults } from "../../faults/faults.ts";
import { createRandom } from "../../links/random.ts";
import { createLinks } from "../../links/world-links.ts";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { createDeliveries } from "../delivery/deliveries.ts";
import type { Attempted } from "../delivery/delivery.ts";
import type { ServiceCaller } from "../iam/resource-policy.ts";
import type { QueueMessage } from "../sqs/definition.ts";
import { type Buses, createBuses } from "./buses.ts";
import type { BusEvent, RuleDefinition, TargetDefinition } from "./definition.ts";

const account = "111122223333";
const regions = ["us-east-1", "eu-west-1", "ap-east-1"];
const [here = "", there = "", beyond = ""] = regions;
const busArn = (region: string, name = "default") => `arn:aws:events:${region}:${account}:event-bus/${name}`;
const functionArn = (region: string) => `arn:aws:lambda:${region}:${account}:function:Failover`;
const queueArn = `arn:aws:sqs:${here}:${account}:Undelivered`;
const unreachable = { code: "ERROR_FROM_TARGET", message: "away", retryable: true } as const;
const minuteMs = 60_000;

interface Sent {
  readonly to: string;
  readonly atMs: number;
  readonly caller: ServiceCaller;
  readonly event?: BusEvent;
  readonly message?: QueueMessage;
}

let time: VirtualTime;
let startMs: number;
let faults: Faults;
let buses: Buses;
let sent: Sent[];
let answers: Record<string, Attempted>;
let lost: string[];

beforeEach(() => {
  time = createVirtualTime();
  startMs = time.now();
  faults = createFaults({ regions });
  [sent, answers, lost] = [[], {}, []];
  const random = createRandom(1);
  const take = async (to: string, caller: ServiceCaller, what: Pick<Sent, "event" | "message">) => {
    sent.push({ to, caller, atMs: time.now() - startMs, ...what });
    return answers[to];
  };
  buses = createBuses({
    account,
    deliveries: createDeliveries({
      scheduler: time,
      isDown: (region) => faults.state().down.includes(region),
    }),
    destinations: {
      toFunction: (caller, arn, payload) => take(arn, caller, { event: JSON.parse(payload) }),
      toTopic: (caller, arn, text) => take(arn, caller, { event: JSON.parse(text) }),
      toQueue: (caller, arn, message) => take(arn, caller, { message }),
      toBus: (arn) => answers[arn],
    },
    links: createLinks({ faults, random, scheduler: time }),
    clock: { now: time.now },
    random,
    onLost: (rule, target, { failure, retries, exhausted }) =>
      lost.push(`${rule.name} ${target.id} ${failure.code} ${retries} ${exhausted}`),
  });
  for (const region of regions) buses.create(busArn(region));
});

const toFunction = (region: string, more: Partial<TargetDefinition> = {}): TargetDefinition => ({
  id: "function",
  type: "function",
  arn: functionArn(region),
  retriesMax: 185,
  ageMaxMs: 24 * 60 * minuteMs,
  ...more,
});
const toBus = (region: string, more: Partial<TargetDefinition> = {}) =>
  toFunction(region, { id: "bus", type: "bus", arn: busArn(region), ...more });

function rule(region: string, targets: TargetDefinition[], more: Partial<RuleDefinition> = {}): void {
  buses.addRule({
    arn: `arn:aws:events:${region}:${account}:rule/news`,
    name: "news",
    region,
    busArn: busArn(region),
    pattern: '{"source":["antipode"]}',
    enabled: true,
    targets,
    ...more,
  });
}

const put = (more: { source?: string; detail?: Record<string, unknown>; atMs?: number } = {}) =>
  buses.put(busArn(here), {
    source: "antipode",
    detailType: "Region Drained",
    detail: { of: "ap-east-1" },
    resources: ["arn:a"],
    ...more,
  });
const arrivals = () => sent.map(({ to, atMs }) => ({ to, atMs }));

describe("an event", () => {
  it("reaches the targets of each rule that it fits, as EventBridge writes it", async () => {
    rule(here, [toFunction(here)]);
    rule(here, [toFunction(here)], { pattern: '{"source":["other"]}' });
    rule(here, [toFunction(here)], { enabled: false });
    const id = put();
    await time.advance(0);
    expect(sent).toEqual([
      {
        to: functionArn(here),
        atMs: 0,
        caller: { service: "events.amazonaws.com", sourceArn: `arn:aws:events:${here}:${account}:rule/news` },
        event: {
          version: "0",
          id,
          "detail-type": "Region Drained",
          source: "antipode",
          account,
          time: `${new Date(startMs).toISOString().slice(0, 19)}Z`,
          region: here,
          resources: ["arn:a"],
          detail: { of: "ap-east-1" },
        },
      },
    ]);
  });

  it("carries the time that it is given, and targets may get an input of their own instead", async () => {
    rule(here, [toFunction(here), toFunction(here, { id: "own", input: '{"deep":true}' })]);
    put({ atMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    await time.advance(0);
    expect(sent.map(({ event }) => event)).toMatchObject([{ time: "2026-01-02T03:04:05Z" }, { deep: true }]);
  });

  it("of another pattern goes nowhere", async () => {
    rule(here, [toFunction(here)]);
    put({ source: "aws.cloudwatch" });
    await time.advance(minuteMs);
    expect(sent).toEqual([]);
  });
});

describe("a target that does not answer", () => {
  it("is tried again, ever later, until it does", async () => {
    rule(here, [toFunction(here)]);
    answers[functionArn(here)] = unreachable;
    put();
    await time.advance(10 * minuteMs);
    const gaps = arrivals()
      .slice(1)
      .map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual(500 * 2 ** index - 1);
      expect(gap).toBeLessThanOrEqual(1_000 * 2 ** index + 1);
    }
    expect(gaps.length).toBeGreaterThan(7);
    answers = {};
    await time.advance(20 * minuteMs);
    const attempts = sent.length;
    await time.advance(60 * minuteMs);
    expect([sent.length, lost]).toEqual([attempts, []]);
  });

  it("loses the event after its last retry, or when that is too old", async () => {
    rule(here, [
      toFunction(here, { id: "few", retriesMax: 2 }),
      toFunction(here, { id: "none", retriesMax: 0 }),
      toFunction(here, { id: "soon", ageMaxMs: minuteMs }),
    ]);
    answers[functionArn(here)] = unreachable;
    put();
    await time.advance(10 * minuteMs);
    expect(lost.toSorted()).toEqual([
      "news few ERROR_FROM_TARGET 2 MaximumRetryAttempts",
      "news none ERROR_FROM_TARGET 0 MaximumRetryAttempts",
      expect.stringMatching(/^news soon ERROR_FROM_TARGET [56] MaximumEventAgeInSeconds$/),
    ]);
  });

  it("leaves a dead letter that says why", async () => {
    const deadLetterArn = queueArn;
    rule(here, [toFunction(here, { retriesMax: 1, deadLetterArn })]);
    answers[functionArn(here)] = unreachable;
    const id = put();
    await time.advance(minuteMs);
    const letter = sent.at(-1);
    expect(letter?.to).toBe(queueArn);
    expect(JSON.parse(letter?.message?.body ?? "")).toMatchObject({ id, detail: { of: "ap-east-1" } });
    const texts = Object.entries(letter?.message?.attributes ?? {}).map(([name, one]) => [name, one.value]);
    expect(Object.fromEntries(texts)).toEqual({
      RULE_ARN: `arn:aws:events:${here}:${account}:rule/news`,
      TARGET_ARN: functionArn(here),
      ERROR_CODE: "ERROR_FROM_TARGET",
      ERROR_MESSAGE: "away",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "1",
    });
    expect(lost).toEqual([]);
  });

  it("is not tried again when that cannot help, and the dead letter names no exhausted condition", async () => {
    rule(here, [toFunction(here, { deadLetterArn: queueArn })]);
    answers[functionArn(here)] = { code: "NO_PERMISSIONS", message: "denied", retryable: false };
    put();
    await time.advance(minuteMs);
    expect(arrivals().map(({ to }) => to)).toEqual([functionArn(here), queueArn]);
    expect(sent[1]?.message?.attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });
});

describe("from bus to bus", () => {
  it("an event crosses the link, and says where it is from", async () => {
    rule(here, [toBus(there)]);
    rule(there, [toFunction(there)]);
    const id = put();
    await time.advance(minuteMs);
    expect(arrivals()).toEqual([{ to: functionArn(there), atMs: expect.any(Number) }]);
    expect(sent[0]?.atMs).toBeGreaterThanOrEqual(35);
    expect(sent[0]?.event).toMatchObject({ region: here, source: "antipode", resources: ["arn:a"] });
    expect(sent[0]?.event?.id).not.toBe(id);
  });

  it("it waits for a cut link to heal", async () => {
    rule(here, [toBus(there), toFunction(here)]);
    rule(there, [toFunction(there)]);
    faults.apply({ type: "cut", from: here, to: there });
    put();
    await time.advance(2 * minuteMs);
    expect(arrivals()).toEqual([{ to: functionArn(here), atMs: 0 }]);
    faults.apply({ type: "heal" });
    await time.advance(2.5 * minuteMs);
    expect(arrivals().map(({ to }) => to)).toEqual([functionArn(here), functionArn(there)]);
  });

  it("it becomes a dead letter of its own region when the link stays cut", async () => {
    rule(here, [toBus(there, { ageMaxMs: 15 * minuteMs, deadLetterArn: queueArn })]);
    faults.apply({ type: "cut", from: here, to: there });
    put();
    await time.advance(16 * minuteMs);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.message?.attributes).toMatchObject({
      ERROR_CODE: { value: "CROSS_REGION_INGESTION_FAILED" },
      EXHAUSTED_RETRY_CONDITION: { value: "MaximumEventAgeInSeconds" },
      TARGET_ARN: { value: busArn(there) },
    });
  });

  it("it comes twice when only the answer is lost", async () => {
    rule(here, [toBus(there)]);
    rule(there, [toFunction(there)]);
    faults.apply({ type: "cut", from: there, to: here, oneWay: true });
    put();
    await time.advance(1_000);
    faults.apply({ type: "heal" });
    await time.advance(minuteMs);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(new Set(sent.map(({ event }) => JSON.stringify(event?.detail))).size).toBe(1);
  });

  it("a bus that refuses for the moment is tried again", async () => {
    rule(here, [toBus(there)]);
    rule(there, [toFunction(there)]);
    answers[busArn(there)] = { code: "INTERNAL_ERROR", message: "a fault", retryable: true };
    put();
    await time.advance(5_000);
    expect(sent).toEqual([]);
    answers = {};
    await time.advance(minuteMs);
    expect(sent).toHaveLength(1);
  });

  it("an event goes one region far, not two and not back", async () => {
    rule(here, [toBus(there)]);
    rule(there, [toBus(beyond, { id: "on" }), toBus(here, { id: "back" }), toFunction(there)]);
    rule(beyond, [toFunction(beyond)]);
    put();
    await time.advance(10 * minuteMs);
    expect(arrivals().map(({ to }) => to)).toEqual([functionArn(there)]);
    expect(lost.toSorted()).toEqual([
      "news back THIRD_REGION_HOP_DETECTED 0 undefined",
      "news on THIRD_REGION_HOP_DETECTED 0 undefined",
    ]);
  });

  it("an event goes to one other bus of its region, not to a second", async () => {
    for (const name of ["a", "b"]) buses.create(busArn(here, name));
    rule(here, [toBus(here, { arn: busArn(here, "a") })]);
    rule(here, [toBus(here, { arn: busArn(here, "b") }), toFunction(here)], { busArn: busArn(here, "a") });
    const id = put();
    await time.advance(minuteMs);
    expect(sent.map(({ event }) => event?.id)).toEqual([id]);
    expect(lost).toEqual(["news bus THIRD_ACCOUNT_HOP_DETECTED 0 undefined"]);
  });
});

describe("a region that is down", () => {
  it("sends nothing, receives nothing and forgets nothing", async () => {
    rule(here, [toBus(there), toFunction(here)]);
    rule(there, [toFunction(there)]);
    faults.apply({ type: "down", region: here });
    put();
    await time.advance(minuteMs);
    expect(sent).toEqual([]);
    faults.apply({ type: "down", region: there });
    faults.apply({ type: "up", region: here });
    await time.advance(minuteMs);
    expect(arrivals().map(({ to }) => to)).toEqual([functionArn(here)]);
    faults.apply({ type: "up", region: there });
    await time.advance(2 * minuteMs);
    expect(arrivals().map(({ to }) => to)).toEqual([functionArn(here), functionArn(there)]);
  });
});
