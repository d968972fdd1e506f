import { beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import type { QueueDefinition } from "./definition.ts";
import type { Queue } from "./queue.ts";
import { createQueues, type Queues } from "./queues.ts";

const region = "eu-west-1";
const arn = `arn:aws:sqs:${region}:111122223333:Undelivered`;
const deadLetterArn = `arn:aws:sqs:${region}:111122223333:Dead`;
const hourMs = 3_600_000;

let time: VirtualTime;
let queues: Queues;

beforeEach(() => {
  time = createVirtualTime();
  queues = createQueues({
    scheduler: time,
    clock: { now: () => time.now() - 5_000 }, // this region's clock is behind
    random: createRandom(1),
  });
});

function create(more: Partial<QueueDefinition> = {}): Queue {
  const definition: QueueDefinition = {
    arn,
    name: "Undelivered",
    region,
    visibilityTimeoutMs: 30_000,
    retentionMs: 96 * hourMs,
    delayMs: 0,
    receiveWaitMs: 0,
    messageBytesMax: 1_000,
    policy: [],
    ...more,
  };
  queues.create(definition);
  return queues.find(definition.arn) ?? expect.fail("no queue");
}

const asked = { messagesMax: 10, waitMs: 0, visibilityTimeoutMs: 30_000 };
async function bodies(queue: Queue, more: Partial<typeof asked> = {}): Promise<string[]> {
  const received = await time.run(queue.receive({ ...asked, ...more }));
  return received.map(({ body }) => body);
}

describe("a queue", () => {
  it("gives messages in their order, as many as are asked for, and hides them", async () => {
    const queue = create();
    for (const body of ["a", "b", "c"]) queue.send({ body });
    expect(await bodies(queue, { messagesMax: 2 })).toEqual(["a", "b"]);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 2, delayed: 0 });
    expect(await bodies(queue)).toEqual(["c"]);
    expect(await bodies(queue)).toEqual([]);
  });

  it("shows a message again that was not deleted in time, and counts how often", async () => {
    const queue = create();
    queue.send({ body: "a" });
    const [first] = await time.run(queue.receive(asked));
    await time.advance(30_000);
    const [second] = await time.run(queue.receive(asked));
    expect(second).toMatchObject({ id: first?.id, receives: 2, firstReceivedAtMs: first?.firstReceivedAtMs });
    queue.delete(first?.receipt ?? ""); // no longer the latest
    expect(queue.counts().inFlight).toBe(1);
    queue.delete(second?.receipt ?? "");
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it("hides a message for longer, or shows it at once, when it is told", async () => {
    const queue = create();
    queue.send({ body: "a" });
    const [first] = await time.run(queue.receive(asked));
    expect(queue.changeVisibility(first?.receipt ?? "", 60_000)).toBe(true);
    await time.advance(59_999);
    expect(await bodies(queue)).toEqual([]);
    const waiting = queue.receive({ ...asked, waitMs: 20_000 });
    expect(queue.changeVisibility(first?.receipt ?? "", 0)).toBe(true);
    expect(await time.run(waiting)).toHaveLength(1);
    expect(queue.changeVisibility("another", 0)).toBe(false);
  });

  it("knows no message in flight whose time is up", async () => {
    const queue = create();
    queue.send({ body: "a" });
    const [first] = await time.run(queue.receive(asked));
    await time.advance(30_000);
    expect(queue.changeVisibility(first?.receipt ?? "", 60_000)).toBe(false);
  });

  it("lets a receiver wait for a message, for one that was hidden, or in vain", async () => {
    const queue = create();
    const startMs = time.now();
    const waiting = queue.receive({ ...asked, waitMs: 20_000 });
    time.after(7_000, () => queue.send({ body: "a" }));
    expect((await time.run(waiting)).map(({ body }) => body)).toEqual(["a"]);
    expect(time.now() - startMs).toBe(7_000);
    await time.advance(15_000);
    expect(await bodies(queue, { waitMs: 20_000 })).toEqual(["a"]);
    expect(time.now() - startMs).toBe(37_000);
    expect(await bodies(queue, { waitMs: 20_000 })).toEqual([]);
    expect(time.now() - startMs).toBe(57_000);
  });

  it("gives one message to one of several that wait", async () => {
    const queue = create();
    const both = Promise.all([
      queue.receive({ ...asked, waitMs: 5_000 }),
      queue.receive({ ...asked, waitMs: 5_000 }),
    ]);
    queue.send({ body: "a" });
    expect((await time.run(both)).flat()).toHaveLength(1);
  });

  it("holds a message back that is delayed, by itself or by the queue", async () => {
    const queue = create({ delayMs: 5_000 });
    queue.send({ body: "queue's" });
    queue.send({ body: "own", delayMs: 10_000 });
    expect([await bodies(queue), queue.counts().delayed]).toEqual([[], 2]);
    await time.advance(5_000);
    expect(await bodies(queue)).toEqual(["queue's"]);
    await time.advance(5_000);
    expect(await bodies(queue)).toEqual(["own"]);
  });

  it("forgets messages after their time", async () => {
    const queue = create({ retentionMs: hourMs });
    queue.send({ body: "a" });
    await time.advance(hourMs);
    expect(queue.counts().visible).toBe(1);
    await time.advance(1);
    expect([queue.counts().visible, await bodies(queue)]).toEqual([0, []]);
  });

  it("is empty when it is purged", async () => {
    const queue = create();
    queue.send({ body: "a" });
    queue.purge();
    expect(await bodies(queue)).toEqual([]);
  });

  it("moves a message to its dead-letter queue that was received too often, with its id and age", async () => {
    const dead = create({ arn: deadLetterArn, name: "Dead" });
    const queue = create({ redrive: { deadLetterArn, receivesMax: 2 } });
    const sent = queue.send({ body: "a" });
    for (let count = 0; count < 2; count += 1) {
      expect(await bodies(queue)).toEqual(["a"]);
      await time.advance(30_000);
    }
    expect(dead.counts().visible).toBe(0);
    expect(await bodies(queue)).toEqual([]);
    expect(queue.counts().visible).toBe(0);
    const [moved] = await time.run(dead.receive(asked));
    expect(moved).toMatchObject({ id: sent.id, sentAtMs: sent.sentAtMs, body: "a", receives: 1 });
  });
});

describe("a service sends", () => {
  const topicArn = `arn:aws:sns:${region}:111122223333:Failover`;
  const caller = { service: "sns.amazonaws.com", sourceArn: topicArn };

  it("as far as the queue's policy lets it", () => {
    const queue = create({
      policy: [
        {
          effect: "Allow",
          principals: { Service: ["sns.amazonaws.com"] },
          actions: ["sqs:SendMessage"],
          resources: [arn],
          conditions: { ArnEquals: { "aws:SourceArn": [topicArn] } },
        },
      ],
    });
    expect(queues.sendAs(caller, arn, { body: "a" })).toBeUndefined();
    expect(queues.sendAs({ ...caller, sourceArn: `${topicArn}2` }, arn, { body: "b" })).toEqual({
      code: "NO_PERMISSIONS",
      message: `sns.amazonaws.com may not sqs:SendMessage to ${arn} for ${topicArn}2`,
      retryable: false,
    });
    expect(queues.sendAs(caller, deadLetterArn, { body: "c" })).toMatchObject({ code: "NO_RESOURCE" });
    expect(queue.counts().visible).toBe(1);
  });
});
