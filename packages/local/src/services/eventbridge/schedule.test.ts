import { beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { createAsyncInvocations } from "../lambda/async-invocations.ts";
import type { InvokeResult } from "../lambda/definition.ts";
import { AwsError } from "../service.ts";
import type { ScheduleDefinition } from "./definition.ts";
import { startSchedule } from "./schedule.ts";

const region = "eu-west-1";
const definition: ScheduleDefinition = {
  ruleArn: `arn:aws:events:${region}:111122223333:rule/repair`,
  region,
  functionArn: `arn:aws:lambda:${region}:111122223333:function:Repair`,
  periodMs: 60_000,
  enabled: true,
};
const minuteMs = 60_000;

let time: VirtualTime;
let startMs: number;
let down: boolean;
let invoked: { readonly atMs: number; readonly event: Record<string, unknown> }[];
let answer: () => Promise<InvokeResult>;
let failures: string[];

const done: InvokeResult = { requestId: "r", payload: "null", logTail: "" };
const failed: InvokeResult = { ...done, payload: '{"errorMessage":"broken"}', functionError: "Unhandled" };

beforeEach(() => {
  time = createVirtualTime();
  startMs = time.now();
  [down, invoked, failures] = [false, [], []];
  answer = async () => done;
});

function start(more: Partial<ScheduleDefinition> = {}, seed = 1) {
  const asyncInvocations = createAsyncInvocations({
    lambda: {
      invoke: async (_arn, payload) => {
        if (down) throw new AwsError("ServiceException", `${region} is down`, 500);
        invoked.push({ atMs: time.now() - startMs, event: JSON.parse(payload) });
        return answer();
      },
    },
    scheduler: time,
    onFailure: ({ functionArn }) => failures.push(functionArn),
  });
  const schedule = startSchedule(
    { ...definition, ...more },
    {
      asyncInvocations,
      isDown: () => down,
      clock: { now: () => time.now() - 5_000 }, // this region's clock is behind
      random: createRandom(seed),
      scheduler: time,
    },
  );
  return { schedule, asyncInvocations };
}

const times = () => invoked.map(({ atMs }) => atMs);

describe("a schedule", () => {
  it("fires soon after the start, then every period", async () => {
    start();
    await time.advance(10 * minuteMs);
    const [first = -1] = times();
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(5_000);
    expect(times()).toEqual(Array.from({ length: 10 }, (_, index) => first + index * minuteMs));
  });

  it("does not fire with all others at one time", async () => {
    for (let seed = 0; seed < 8; seed += 1) start({}, seed);
    await time.advance(5_000);
    expect(new Set(times()).size).toBeGreaterThan(4);
  });

  it("waits longer than the machine's timers can", async () => {
    const monthMs = 30 * 24 * 60 * minuteMs;
    start({ periodMs: monthMs });
    await time.advance(2 * monthMs);
    expect(times()).toHaveLength(2);
  });

  it("sends EventBridge's event, on the region's clock", async () => {
    const { schedule } = start();
    await time.advance(5_000);
    const [one] = invoked;
    expect(one?.event).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "111122223333",
      time: `${new Date(startMs + (one?.atMs ?? 0) - 5_000).toISOString().slice(0, 19)}Z`,
      region,
      resources: [definition.ruleArn],
      detail: {},
    });
    expect(JSON.parse(schedule.payload())).toMatchObject({ resources: [definition.ruleArn] });
  });

  it("sends its own input instead, when it has one", async () => {
    start({ input: '{"deep":true}' });
    await time.advance(5_000);
    expect(invoked.map(({ event }) => event)).toEqual([{ deep: true }]);
  });

  it("fires whether the last firing has ended or not", async () => {
    answer = () => new Promise(() => {});
    start();
    await time.advance(3 * minuteMs);
    expect(times()).toHaveLength(3);
  });

  it("is tried three times, as any asynchronous call, and says what went wrong until it is right again", async () => {
    answer = async () => failed;
    const { schedule } = start({ periodMs: 60 * minuteMs });
    await time.advance(5_000);
    const [first = 0] = times();
    expect(schedule.status()).toMatchObject({
      fired: 1,
      lastError: '{"errorMessage":"broken"}',
      lastErrorAtMs: startMs + first,
    });
    await time.advance(4 * minuteMs);
    expect(times()).toEqual([first, first + minuteMs, first + 3 * minuteMs]);
    expect(failures).toEqual([definition.functionArn]);
    answer = async () => done;
    await time.advance(60 * minuteMs);
    expect(schedule.status()).toEqual({ fired: 2, nextAtMs: startMs + first + 120 * minuteMs });
  });

  it("does not fire in a region that is down, nor make up for it", async () => {
    start();
    await time.advance(minuteMs);
    const [first = 0] = times();
    down = true;
    await time.advance(3 * minuteMs);
    expect(times()).toEqual([first]);
    down = false;
    await time.advance(minuteMs);
    expect(times()).toEqual([first, first + 4 * minuteMs]);
    expect(failures).toEqual([]);
  });

  it("never fires while it is disabled", async () => {
    const { schedule } = start({ enabled: false });
    await time.advance(10 * minuteMs);
    expect([invoked, time.scheduled(), schedule.status()]).toEqual([[], 0, { fired: 0 }]);
  });

  it("ends with the world, and so do its retries", async () => {
    answer = async () => failed;
    const { schedule, asyncInvocations } = start();
    await time.advance(5_000);
    schedule.stop();
    asyncInvocations.close();
    expect(time.scheduled()).toBe(0);
    await time.advance(10 * minuteMs);
    expect([times().length, failures]).toEqual([1, []]);
  });
});
