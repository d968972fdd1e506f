import {
  countArrivals,
  defaultVoteSettings,
  type FailoverRecord,
  failoverToItem,
  measuredLagToItem,
  nextRound,
  type Origin,
  readControlSight,
  votesToItem,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { keptAgeMaxMs } from "../platform/kept.ts";
import { operate } from "../testing/operator.ts";
import { createAnswerChecker } from "../testing/specified-answers.ts";
import { createTestApi, startMs, type TestApi } from "../testing/test-world.ts";
import { regionsSchema } from "./routes/regions/contract.ts";
import { buildSpecification } from "./specification/build-specification.ts";

let api: TestApi;

beforeEach(() => {
  api = createTestApi();
});

const me = "us-east-1#1" as Origin;
const eu = "eu-west-1#1" as Origin;
const checker = createAnswerChecker(buildSpecification());

async function list() {
  const response = await api.app.request("/v1/regions");
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await checker.faults("GET", "/v1/regions", response.clone())).toEqual([]);
  return regionsSchema.parse(await response.json());
}

const stateOf = async (region: string) => {
  const { regions } = await list();
  const { state, drainedBy, since, voters } = regions.find(({ name }) => name === region) ?? {};
  return { state, drainedBy, since, voters };
};

/** Every region's prober makes so many rounds, and all of them are in sight. */
function rounds(count: number): void {
  const { items, deployment, clock } = api;
  const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
  for (let made = 0; made < count; made += 1) {
    clock.advance(10_000);
    const nowMs = clock.nowMs();
    const said = configured.map((origin) => {
      const well = { failures: 0, successes: 9, sinceMs: nowMs, atMs: nowMs };
      return nextRound({
        ...readControlSight(origin, items.dump("Control")),
        me: origin,
        configured,
        observations: new Map(configured.filter((one) => one !== origin).map((one) => [one, well])),
        backlogMs: 0,
        nowMs,
        settings: defaultVoteSettings,
      });
    });
    items.load("Control", said.map(votesToItem));
  }
}

/** Lags of 80, 81, … ms from a region to this one, of rounds since the start. */
function measured(from: Origin, count: number) {
  const arrivals = Array.from({ length: count }, (_, index) => ({
    votes: { counter: index + 1, atMsByRound: new Map([[index + 1, startMs + index * 10_000]]) },
    arrivedAtMs: startMs + index * 10_000 + 80 + index,
  }));
  const lag = countArrivals(undefined, arrivals, { to: me, from });
  if (lag === undefined) {
    throw new Error("nothing was measured");
  }
  return measuredLagToItem(lag);
}

describe("each region's state", () => {
  test("is unknown before its first round, and open since nobody said otherwise", async () => {
    expect(await stateOf("eu-west-1")).toEqual({ state: "unknown", voters: [] });
    rounds(1);
    api.clock.advance(keptAgeMaxMs);
    expect(await stateOf("eu-west-1")).toEqual({ state: "open", voters: [] });
    expect(await stateOf("us-east-1")).toEqual({ state: "open", voters: [] });
  });

  test("follows an operator's drain and restore, and says neither who nor why", async () => {
    rounds(1);
    await operate(api, "POST", "/v1/regions/eu-west-1/drain", { reason: "a secret plan" });
    rounds(1);
    const others = ["us-east-1", "ap-south-1", "ap-east-1"];
    const drained = await stateOf("eu-west-1");
    expect(drained).toMatchObject({ state: "drained", drainedBy: "operator", voters: others });
    expect(Date.parse(drained.since ?? "")).toBeGreaterThan(startMs);
    expect(
      api.items.dump("Control").find(({ pk, sk }) => pk === `REGION#${eu}` && sk === "VOTES"),
    ).toMatchObject({
      closing: { phase: "asking" },
    });
    rounds(2);
    expect(await stateOf("eu-west-1")).toMatchObject({ state: "drained", drainedBy: "operator" });
    const text = await (await api.app.request("/v1/regions")).text();
    expect(text).not.toMatch(/alice|secret/);
    await operate(api, "POST", "/v1/regions/eu-west-1/restore", { reason: "done" });
    rounds(1);
    expect(await stateOf("eu-west-1")).toMatchObject({ state: "open", voters: [] });
  });

  test("comes with what was done last about it, and what of that failed", async () => {
    rounds(1);
    expect((await list()).regions.map(({ lastRun }) => lastRun)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const step = { attempt: 2, atMs: startMs };
    const record: FailoverRecord = {
      origin: "ap-south-1#1" as Origin,
      kind: "failover",
      target: eu,
      counter: 9,
      touchedAtMs: startMs,
      drainId: "votes",
      drained: [eu],
      order: "alternate-first",
      seenAtMs: startMs,
      outcome: "pending",
      attempt: 2,
      holder: "run",
      leaseUntilMs: 0,
      retryAtMs: startMs,
      steps: new Map([
        ["people", { ...step, state: "done", note: "told people" }],
        ["names", { ...step, state: "failed", note: "a secret plan" }],
      ]),
      covered: new Map(),
      rounds: new Map(),
    };
    api.items.load("Control", [failoverToItem(record)]);
    api.clock.advance(keptAgeMaxMs);
    const { regions } = await list();
    expect(regions.find(({ name }) => name === "eu-west-1")?.lastRun).toEqual({
      kind: "failover",
      outcome: "pending",
      by: "ap-south-1",
      at: new Date(startMs).toISOString(),
      failed: ["names"],
    });
    expect(JSON.stringify(regions)).not.toMatch(/secret/);
  });

  test("is unknown while Control cannot be read, and what was measured is there all the same", async () => {
    rounds(1);
    api.items.load("Views", [measured(eu, 1)]);
    api.items.failNext("Query Control", { type: "throttled", operation: "Query Control" });
    const { regions, lag } = await list();
    expect(new Set(regions.map(({ state }) => state))).toEqual(new Set(["unknown"]));
    expect(lag).toMatchObject([{ from: "eu-west-1" }]);
    expect(api.log.entries).toContainEqual(expect.objectContaining({ level: "warn" }));
  });
});

describe("the lag that a region publishes", () => {
  test("is absent before the first sample", async () => {
    expect((await list()).lag).toEqual([]);
  });

  test("is measured, fitted and by the usual formula, for each region that it hears", async () => {
    api.items.load("Views", [measured("ap-east-1#1" as Origin, 3), measured(eu, 100)]);
    const { lag } = await list();
    expect(lag?.map(({ from }) => from)).toEqual(["eu-west-1", "ap-east-1"]);
    const [day] = lag?.[0]?.days ?? [];
    expect(day).toMatchObject({
      since: new Date(startMs + 80).toISOString(),
      until: new Date(startMs + 99 * 10_000 + 179).toISOString(),
      count: 100,
      meanMs: 129.5,
      maxMs: 179,
      fit: { floorMs: 79.5, excessMs: 50, excessError: 0.1005 },
    });
    expect(day?.medianMs).toBeCloseTo(129, -1);
    expect(day?.p99Ms).toBeCloseTo(178, -1);
    expect(day?.seen.map(({ withinMs }) => withinMs)).toEqual([50, 100, 200, 500, 1_000, 2_000, 5_000]);
    expect(day?.seen[0]).toEqual({ withinMs: 50, measured: 0, fitted: 0, reference: 0.3203 });
    expect(day?.seen[2]).toMatchObject({ measured: 1, reference: 0.7866 });
    expect(lag?.[1]?.days[0]).toMatchObject({ count: 3 });
    expect(lag?.[1]?.days[0]).not.toHaveProperty("fit");
  });

  test("leaves out what is not understood, and regions of an earlier life", async () => {
    const strange = { ...measured(eu, 1), days: [] };
    api.items.load("Views", [strange, measured("ap-east-1#9" as Origin, 1)]);
    expect((await list()).lag).toEqual([]);
    expect(api.log.entries).toMatchObject([{ level: "warn", attribute: "days" }, { level: "info" }]);
  });

  test("is null while the views cannot be read, and the regions are listed all the same", async () => {
    rounds(1);
    api.items.failNext("Query Views", { type: "unavailable", operation: "Query Views", reason: "" });
    const { regions, lag } = await list();
    expect(lag).toBeNull();
    expect(regions.map(({ state }) => state)).toEqual(["open", "open", "open", "open"]);
  });

  test("is null when they do not answer within a second", async () => {
    const waits: number[] = [];
    const hanging = { ...api.items, queryPartition: () => new Promise<never>(() => {}) };
    const delay = async (ms: number) => {
      waits.push(ms);
    };
    api = createTestApi("us-east-1", { items: hanging, delay });
    const { regions, lag } = await list();
    expect([regions.length, lag, waits]).toEqual([4, null, [1_000, 1_000]]);
  });
});

test("the tables are read once in five seconds, however often the list is asked for", async () => {
  for (let asked = 0; asked < 3; asked += 1) {
    await list();
    api.clock.advance(keptAgeMaxMs / 2 - 1);
  }
  const once = ["Query Control", "Query Control", "Query Control", "Query Control", "Query Views"];
  expect([...api.items.operations].sort()).toEqual(once);
  api.clock.advance(keptAgeMaxMs);
  await list();
  expect(api.items.operations.length).toBe(2 * once.length);
});
