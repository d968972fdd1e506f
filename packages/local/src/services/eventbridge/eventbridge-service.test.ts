import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { type CallerFront, startCallerFront } from "../front/testing/caller-front.ts";
import type { Statement } from "../iam/statement.ts";
import { account } from "../service.ts";
import { type Buses, createBuses } from "./buses.ts";
import { createEventBridgeService } from "./eventbridge-service.ts";

const region = "eu-west-1";
const busArn = `arn:aws:events:${region}:${account}:event-bus/default`;

let front: CallerFront;
let client: EventBridgeClient;
let started: Delivery[];
let taken: { detail: unknown; resources: unknown; time: string; id: string }[];

beforeEach(async () => {
  [started, taken] = [[], []];
  const buses: Buses = createBuses({
    account,
    deliveries: { start: (delivery) => started.push(delivery) },
    destinations: {
      toFunction: async (_, __, payload) => void taken.push(JSON.parse(payload)),
      toTopic: async () => undefined,
      toQueue: async () => undefined,
      toBus: () => undefined,
    },
    links: { cross: async () => {} },
    clock: { now: () => Date.UTC(2026, 0, 1) },
    random: createRandom(1),
  });
  buses.create(busArn);
  buses.addRule({
    arn: `arn:aws:events:${region}:${account}:rule/all`,
    name: "all",
    region,
    busArn,
    pattern: '{"source":[{"exists":true}]}',
    enabled: true,
    targets: [{ id: "f", type: "function", arn: "arn:f", retriesMax: 0, ageMaxMs: 1 }],
  });
  front = await startCallerFront(region, createEventBridgeService(buses));
  client = new EventBridgeClient(front.client);
});

afterEach(async () => {
  client.destroy();
  await front.close();
  expect(front.bugs).toEqual([]);
});

const entry = (more: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  Source: "antipode",
  DetailType: "Region Drained",
  Detail: '{"of":"ap-east-1"}',
  ...more,
});
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

async function delivered() {
  for (const delivery of started) await delivery.attempt();
  return taken;
}

describe("PutEvents by the SDK", () => {
  it("takes events for the default bus, by its name or its ARN", async () => {
    const Time = new Date("2026-01-02T03:04:05Z");
    const answer = await put(
      entry({ Resources: ["arn:a"], Time }),
      entry({ EventBusName: "default" }),
      entry({ EventBusName: busArn }),
    );
    expect(answer.FailedEntryCount).toBe(0);
    const events = await delivered();
    expect(events.map(({ id }) => id)).toEqual(answer.Entries?.map(({ EventId }) => EventId));
    expect(events[0]).toMatchObject({
      detail: { of: "ap-east-1" },
      resources: ["arn:a"],
      time: "2026-01-02T03:04:05Z",
    });
    expect(events[1]).toMatchObject({ resources: [], time: "2026-01-01T00:00:00Z" });
  });

  it("says which entries failed, and takes the others", async () => {
    const answer = await put(
      entry({ Source: "aws.cloudwatch" }),
      entry(),
      entry({ Detail: "[1]" }),
      entry({ Detail: "{" }),
      entry({ DetailType: undefined }),
      entry({ EventBusName: "orders" }),
    );
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId)).toEqual([
      "NotAuthorizedForSource",
      "string",
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "InvalidArgument",
    ]);
    expect(await delivered()).toHaveLength(1);
  });

  it.each<[string, PutEventsRequestEntry[], RegExp]>([
    ["no entries", [], /greater than or equal to 1/],
    ["eleven entries", Array.from({ length: 11 }, () => entry()), /less than or equal to 10/],
    [
      "more than 256 KB",
      [
        entry({ Detail: JSON.stringify({ a: "x".repeat(200_000) }) }),
        entry({ Detail: JSON.stringify({ a: "x".repeat(70_000) }) }),
      ],
      /over the limit/,
    ],
  ])("refuses %s whole", async (_, entries, message) => {
    await expect(put(...entries)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message),
    });
    expect(started).toEqual([]);
  });

  it("does nothing else, and says so", async () => {
    await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({
      message: "The local world's EventBridge does not implement ListRules",
    });
  });

  it("needs the right on the bus, with the source if the statement says so", async () => {
    const may = (source: string): Statement => ({
      effect: "Allow",
      actions: ["events:PutEvents"],
      resources: [busArn],
      conditions: { StringEquals: { "events:source": [source] } },
    });
    front.allowOnly(may("antipode"));
    await expect(put(entry())).resolves.toMatchObject({ FailedEntryCount: 0 });
    front.allowOnly(may("other"));
    await expect(put(entry())).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`events:PutEvents on resource: ${busArn}`),
    });
  });
});
