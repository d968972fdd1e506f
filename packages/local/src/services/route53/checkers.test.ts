import { beforeEach, describe, expect, it } from "vitest";
import { createVirtualTime, type VirtualTime } from "../../testing-time/virtual-time.ts";
import { checkerRegions, createCheckers } from "./checkers.ts";
import type { Connect } from "./connect.ts";
import { type EndpointCheck, isEndpointHealthy } from "./health-check.ts";
import { checkId } from "./testing/record-sets.ts";

const id = checkId("c1");
const check: EndpointCheck = {
  type: "HTTPS",
  host: "eu-west-1.shop.test",
  port: 443,
  path: "/health",
  failureThreshold: 3,
  requestIntervalSeconds: 10,
  inverted: false,
  disabled: false,
};

let time: VirtualTime;
let startMs: number;
let polls: { readonly atMs: number; readonly host: string; readonly path: string }[];
let closed: number;
let changes: string[];
let connecting: () => Promise<void>;
let answering: () => Promise<{ status: number; reason: string }>;

const never = <T>() => new Promise<T>(() => {});
const status = (code: number, reason: string) => async () => ({ status: code, reason });

/** Holds what a socket does when its signal says so: the promise breaks. */
function breaking<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const broken = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
  return Promise.race([work, broken]);
}

const connect: Connect = async ({ host }, signal) => {
  await breaking(connecting(), signal);
  return {
    get(path, answerSignal) {
      polls.push({ atMs: time.now() - startMs, host, path });
      return breaking(answering(), answerSignal);
    },
    close: () => {
      closed += 1;
    },
  };
};

beforeEach(() => {
  time = createVirtualTime();
  startMs = time.now();
  [polls, closed, changes] = [[], 0, []];
  connecting = async () => {};
  answering = status(200, "OK");
});

function start(more: Partial<EndpointCheck> = {}, options: { readonly patienceMs?: number } = {}) {
  const checkers = createCheckers({
    connect,
    scheduler: time,
    ...options,
    onChange: (changed) => changes.push(`${changed} ${time.now() - startMs}`),
  });
  checkers.watch(id, { ...check, ...more });
  return {
    checkers,
    isHealthy: () => isEndpointHealthy(checkers.observations(id).map(({ state }) => state)),
    statuses: () => [...new Set(checkers.observations(id).map(({ latest }) => latest?.status))],
  };
}

describe("checkers", () => {
  it("each poll once an interval, spread over it", async () => {
    start();
    await time.advance(29_999);
    expect(polls).toHaveLength(3 * checkerRegions.length);
    expect(polls.slice(0, 3).map(({ atMs }) => atMs)).toEqual([0, 1_250, 2_500]);
    expect(polls[checkerRegions.length]?.atMs).toBe(10_000);
    expect(polls[0]).toMatchObject({ host: check.host, path: check.path });
    expect(closed).toBe(polls.length);
  });

  it("begin apart, so that many checks do not come all at once", async () => {
    const { checkers } = start();
    for (let more = 1; more < 16; more += 1) {
      checkers.watch(checkId(`check-${more}`), { ...check, path: `/health/${more}` });
    }
    await time.advance(1_249);
    expect(polls).toHaveLength(16); // one checker of each
    const times = polls.map(({ atMs }) => atMs).toSorted((left, right) => left - right);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(20);
    expect(Math.max(...gaps)).toBeLessThan(140);
  });

  it("poll once for checks that ask the same, and tell each, until the last one asks something else", async () => {
    const { checkers, isHealthy } = start();
    const [turned, slow] = [checkId("turned"), checkId("slow")];
    checkers.watch(turned, { ...check, inverted: true });
    checkers.watch(slow, { ...check, requestIntervalSeconds: 30 });
    answering = status(500, "Sick");
    await time.advance(29_999);
    expect(polls).toHaveLength(4 * checkerRegions.length); // three times for two checks, and once for the slow one
    expect(isHealthy()).toBe(false);
    expect(checkers.observations(turned)).toEqual(checkers.observations(id));
    expect(changes.filter((line) => line.startsWith("turned"))).toHaveLength(checkerRegions.length);
    expect(changes.filter((line) => line.startsWith("c1"))).toHaveLength(checkerRegions.length);
    checkers.watch(id, { ...check, path: "/other" });
    checkers.watch(slow, { ...check, path: "/other" });
    polls = [];
    await time.advance(9_999);
    expect(polls.filter(({ path }) => path === "/health")).toHaveLength(checkerRegions.length);
    checkers.watch(turned, { ...check, path: "/other", inverted: true });
    polls = [];
    await time.advance(9_999);
    expect(polls.map(({ path }) => path)).toEqual(checkerRegions.map(() => "/other"));
  });

  it("count the interval from start to start, however long an answer takes", async () => {
    connecting = () => time.sleep(3_000);
    start();
    await time.advance(29_999);
    expect(polls.filter((_, index) => index % checkerRegions.length === 0).map(({ atMs }) => atMs)).toEqual([
      3_000, 13_000, 23_000,
    ]);
  });

  it("poll every thirty seconds when the check says so", async () => {
    start({ requestIntervalSeconds: 30 });
    await time.advance(59_999);
    expect(polls).toHaveLength(2 * checkerRegions.length);
  });

  it("find an endpoint sick after its threshold, and well again alike", async () => {
    const { isHealthy, statuses } = start();
    answering = status(503, "Service Unavailable");
    await time.advance(27_499);
    expect(isHealthy(), "six of eight checkers are sure, which is not yet enough").toBe(true);
    await time.advance(1);
    expect(isHealthy()).toBe(false);
    expect(statuses()).toEqual(["Failure: HTTP Status Code 503, Service Unavailable"]);
    answering = status(200, "OK");
    await time.advance(22_499);
    expect(isHealthy(), "only the checker that was never sure says so").toBe(false);
    await time.advance(1);
    expect(isHealthy()).toBe(true);
    expect(changes).toHaveLength(8);
    expect(changes[0]).toBe("c1 20000");
  });

  it.each([
    [199, "Failure"],
    [200, "Success"],
    [302, "Success"],
    [399, "Success"],
    [400, "Failure"],
    [503, "Failure"],
  ])("take %d for %s", async (code, word) => {
    answering = status(code, "X");
    const { statuses } = start();
    await time.advance(9_999);
    expect(statuses()).toEqual([`${word}: HTTP Status Code ${code}, X`]);
  });

  it("say why there was no answer", async () => {
    connecting = async () => {
      throw new Error("connect ECONNREFUSED");
    };
    const { statuses, isHealthy } = start();
    await time.advance(29_999);
    expect(statuses()).toEqual(["Failure: The health checker could not connect: connect ECONNREFUSED."]);
    expect(isHealthy()).toBe(false);
    connecting = async () => {};
    answering = async () => {
      throw new Error("socket hang up");
    };
    await time.advance(10_000);
    expect(statuses()).toEqual(["Failure: The connection broke: socket hang up."]);
  });

  it("wait four seconds for a connection", async () => {
    connecting = () => time.sleep(3_999);
    const { statuses } = start();
    await time.advance(20_000);
    expect(statuses()).toEqual(["Success: HTTP Status Code 200, OK"]);
    connecting = () => time.sleep(4_001);
    await time.advance(20_000);
    expect(statuses()).toEqual([
      "Failure: The health checker could not establish a connection within the timeout limit.",
    ]);
  });

  it("wait two seconds more for the answer, and close the connection then", async () => {
    connecting = () => time.sleep(3_000);
    answering = async () => {
      await time.sleep(1_999);
      return { status: 200, reason: "OK" };
    };
    const { statuses } = start();
    await time.advance(20_000);
    expect(statuses()).toEqual(["Success: HTTP Status Code 200, OK"]);
    answering = () => never();
    await time.advance(20_000);
    expect(statuses()).toEqual([
      "Failure: The endpoint did not respond to the health checker's request within the timeout limit.",
    ]);
    await time.advance(6_000);
    expect(polls.length - closed, "at most those under way are open").toBeLessThanOrEqual(
      checkerRegions.length,
    );
  });

  it("wait longer on a machine that is slower than their time", async () => {
    connecting = () => time.sleep(19_999);
    const { statuses, isHealthy } = start({}, { patienceMs: 20_000 });
    await time.advance(61_000);
    expect(statuses()).toEqual(["Success: HTTP Status Code 200, OK"]);
    connecting = () => time.sleep(20_001);
    await time.advance(81_000);
    expect(isHealthy()).toBe(false);
  });

  it("do nothing for a check that is disabled", async () => {
    const { isHealthy } = start({ disabled: true });
    await time.advance(60_000);
    expect([polls, isHealthy()]).toEqual([[], true]);
  });

  it("forget what they knew when a check changes", async () => {
    answering = status(500, "X");
    const { checkers, isHealthy } = start();
    await time.advance(60_000);
    expect(isHealthy()).toBe(false);
    polls = [];
    checkers.watch(id, { ...check, path: "/ready" });
    expect(isHealthy()).toBe(true);
    await time.advance(9_999);
    expect(polls).toHaveLength(checkerRegions.length);
    expect(polls.every(({ path }) => path === "/ready")).toBe(true);
  });

  it("stop with the world, polls under way too", async () => {
    answering = () => never();
    const { checkers } = start();
    await time.advance(1_000);
    checkers.stop();
    await time.advance(0);
    expect(time.scheduled()).toBe(0);
    await time.advance(60_000);
    expect([polls.length, closed]).toEqual([1, 1]);
    expect(checkers.observations(id)).toEqual([]);
  });
});
