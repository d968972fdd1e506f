import { beforeEach, describe, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { createDeliveries, type Deliveries } from "./deliveries.ts";
import type { Attempted, Delivery, GivenUp } from "./delivery.ts";

const region = "eu-west-1";
const refused = { code: "CONNECTION_FAILURE", message: "cut", retryable: true } as const;
const forbidden = { code: "NO_PERMISSIONS", message: "denied", retryable: false } as const;

let time: VirtualTime;
let startMs: number;
let down: boolean;
let deliveries: Deliveries;
let bugs: unknown[];
let attemptsMs: number[];
let givenUp: (GivenUp & { readonly atMs: number })[];

beforeEach(() => {
  time = createVirtualTime();
  startMs = time.now();
  [down, bugs, attemptsMs, givenUp] = [false, [], [], []];
  deliveries = createDeliveries({ scheduler: time, isDown: () => down, onBug: (bug) => bugs.push(bug) });
});

/** Fails with each answer in turn, then succeeds. Retries after 1, 2, 4 … s, three times at most. */
function start(answers: readonly Attempted[], more: Partial<Delivery> = {}): void {
  const left = [...answers];
  deliveries.start({
    region,
    async attempt() {
      attemptsMs.push(time.now() - startMs);
      return left.shift();
    },
    retryDelayMs: (retry) => (retry > 3 ? undefined : 500 * 2 ** retry),
    onGivenUp: (end) => givenUp.push({ ...end, atMs: time.now() - startMs }),
    ...more,
  });
}

describe("a delivery", () => {
  it("is attempted at once, in the background, and once when that succeeds", async () => {
    start([]);
    expect(deliveries.waiting(region)).toBe(1);
    await time.advance(60_000);
    expect([attemptsMs, givenUp, deliveries.waiting(region)]).toEqual([[0], [], 0]);
  });

  it("is attempted again after the policy's delays", async () => {
    start([refused, refused, refused]);
    await time.advance(60_000);
    expect([attemptsMs, givenUp]).toEqual([[0, 1_000, 3_000, 7_000], []]);
  });

  it("is given up after the last retry", async () => {
    start([refused, refused, refused, refused, refused]);
    await time.advance(60_000);
    expect(attemptsMs).toHaveLength(4);
    expect(givenUp).toEqual([
      { failure: refused, retries: 3, exhausted: "MaximumRetryAttempts", atMs: 7_000 },
    ]);
    expect(deliveries.waiting(region)).toBe(0);
  });

  it("is given up when the next attempt would come too late", async () => {
    start([refused, refused, refused], { ageMaxMs: 2_999 });
    await time.advance(60_000);
    expect(givenUp).toEqual([
      { failure: refused, retries: 1, exhausted: "MaximumEventAgeInSeconds", atMs: 1_000 },
    ]);
  });

  it("is given up at once when no attempt can help", async () => {
    start([forbidden]);
    await time.advance(60_000);
    expect(givenUp).toEqual([{ failure: forbidden, retries: 0, atMs: 0 }]);
  });

  it("waits while its service's region is down, which counts for its age and not as an attempt", async () => {
    down = true;
    start([refused], { ageMaxMs: 20_000 });
    await time.advance(10_500);
    expect([attemptsMs, deliveries.waiting(region), deliveries.waiting("us-east-1")]).toEqual([[], 1, 0]);
    down = false;
    await time.advance(60_000);
    expect([attemptsMs, givenUp]).toEqual([[11_000, 12_000], []]);
  });

  it("grows too old in a region that stays down", async () => {
    down = true;
    start([], { ageMaxMs: 20_000 });
    await time.advance(60_000);
    expect(givenUp).toMatchObject([{ failure: { code: "CONNECTION_FAILURE" }, retries: 0, atMs: 21_000 }]);
    expect(attemptsMs).toEqual([]);
  });

  it("that throws is a bug, and is given up", async () => {
    start([], { attempt: () => Promise.reject(new Error("broken")) });
    await time.advance(0);
    expect(bugs).toEqual([new Error("broken")]);
    expect(givenUp).toMatchObject([{ failure: { code: "INTERNAL_ERROR", message: "broken" } }]);
  });

  it("ends with the world", async () => {
    start([refused]);
    await time.advance(0);
    deliveries.close();
    expect(time.scheduled()).toBe(0);
    start([]);
    await time.advance(60_000);
    expect([attemptsMs, givenUp]).toEqual([[0], []]);
  });

  it("is given up when ten thousand others wait", async () => {
    down = true;
    for (let count = 0; count < 10_000; count += 1) start([]);
    expect(givenUp).toEqual([]);
    start([]);
    expect(givenUp).toMatchObject([{ failure: { message: "10000 messages wait already" } }]);
  });
});
