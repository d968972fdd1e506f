import {
  commandReasonCharsMax,
  defaultVoteSettings,
  nextRound,
  type Origin,
  readControlSight,
  type VoteView,
  votesToItem,
} from "@antipode/core";
import { beforeEach, describe, expect, test } from "vitest";
import { keptAgeMaxMs } from "../platform/kept.ts";
import { operate } from "../testing/operator.ts";
import { expectProblem } from "../testing/shopper.ts";
import { createTestApi, type TestApi } from "../testing/test-world.ts";
import { commandSchema } from "./routes/regions/contract.ts";

let api: TestApi;

beforeEach(() => {
  api = createTestApi();
});

const get = (path: string) => api.health.request(path);

function view(): VoteView {
  const { items, deployment, clock } = api;
  const configured: readonly Origin[] = deployment.regions.map(({ origin }) => origin);
  return {
    ...readControlSight(deployment.origin, items.dump("Control")),
    me: deployment.origin,
    configured,
    backlogMs: 0,
    nowMs: clock.nowMs(),
    settings: defaultVoteSettings,
  };
}

/** The prober's next round, seeing a region fail if one is named. */
function round(failing?: string): void {
  const nowMs = api.clock.nowMs();
  const failed = { failures: 3, successes: 0, sinceMs: nowMs, atMs: nowMs };
  const well = { failures: 0, successes: 9, sinceMs: nowMs, atMs: nowMs };
  const observations = new Map(
    api.deployment.regions
      .filter(({ origin }) => origin !== api.deployment.origin)
      .map(({ name, origin }) => [origin as Origin, name === failing ? failed : well] as const),
  );
  api.items.load("Control", [votesToItem(nextRound({ ...view(), observations }))]);
}

describe("whether a region votes to drain another one", () => {
  test("is no for every name, before the prober's first round and while all are well", async () => {
    for (const name of ["eu-west-1", "us-east-1", "mars-1", "__proto__"]) {
      await expectProblem(await get(`/drain-votes/${name}`), 404, "no-vote");
    }
    round();
    api.clock.advance(keptAgeMaxMs);
    await expectProblem(await get("/drain-votes/eu-west-1"), 404, "no-vote");
  });

  test("is yes for whom it votes against alone, and no once its prober is silent", async () => {
    round("eu-west-1");
    const since = new Date(api.clock.nowMs()).toISOString();
    const answer = await get("/drain-votes/eu-west-1");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({ vote: "drain", region: "eu-west-1", since });
    await expectProblem(await get("/drain-votes/ap-east-1"), 404, "no-vote");
    api.clock.advance(defaultVoteSettings.silenceMaxMs + 1);
    await expectProblem(await get("/drain-votes/eu-west-1"), 404, "no-vote");
  });

  test("is no failure, nor does it matter to the region's own health", async () => {
    round("eu-west-1");
    expect((await get("/health")).status).toBe(200);
    await get("/drain-votes/ap-east-1");
    expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("whether all shoppers may come", () => {
  const drain = (action: string) =>
    operate(api, "POST", `/v1/regions/us-east-1/${action}`, { reason: "a test", force: true });

  test("is yes before the prober's first round and after it", async () => {
    const answer = await get("/ramped");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({ load: "all", region: "us-east-1" });
    round();
    api.clock.advance(keptAgeMaxMs);
    expect((await get("/ramped")).status).toBe(200);
  });

  test("is no while the region is drained, and for a while after, and that is no failure", async () => {
    await drain("drain");
    round();
    await expectProblem(await get("/ramped"), 404, "not-ramped");
    api.clock.advance(60_000);
    await drain("restore");
    round();
    await expectProblem(await get("/ramped"), 404, "not-ramped");
    expect((await get("/health")).status).toBe(200);
    api.clock.advance(defaultVoteSettings.rampMs);
    await expectProblem(await get("/ramped"), 404, "not-ramped");
    api.clock.advance(1);
    expect((await get("/ramped")).status).toBe(200); // though its prober is silent
    expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("is as it was last known while Control is away, and yes where nothing was known", async () => {
    api.items.failNext("GetItem Control", { type: "throttled", operation: "" }, { times: 9 });
    expect((await get("/ramped")).status).toBe(200);
    api = createTestApi();
    await drain("drain");
    round();
    await expectProblem(await get("/ramped"), 404, "not-ramped");
    api.clock.advance(keptAgeMaxMs);
    api.items.failNext("GetItem Control", { type: "throttled", operation: "" }, { times: 9 });
    await expectProblem(await get("/ramped"), 404, "not-ramped");
  });
});

describe("an operator's word on a region", () => {
  const command = (action: string, region: string, body: unknown = { reason: "maintenance" }) =>
    operate(api, "POST", `/v1/regions/${region}/${action}`, body);
  const commands = () => api.items.dump("Control").filter(({ sk }) => sk.startsWith("COMMANDS#"));

  test("is written down, with who and why", async () => {
    const response = await command("drain", "eu-west-1", { reason: "a new disk" });
    expect(response.status).toBe(202);
    expect(commandSchema.parse(await response.json())).toMatchObject({
      region: "eu-west-1",
      action: "drain",
      by: "alice",
      reason: "a new disk",
    });
    expect(commands()).toMatchObject([
      {
        sk: "COMMANDS#1",
        target: "eu-west-1#1",
        action: "drain",
        force: false,
        who: "alice",
        reason: "a new disk",
      },
    ]);
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({ level: "warn", operator: "alice", of: "eu-west-1", action: "drain" }),
    );
  });

  test("each is a new entry, and the next round obeys the newest", async () => {
    await command("drain", "eu-west-1");
    round();
    expect((await get("/drain-votes/eu-west-1")).status).toBe(200);
    await command("restore", "eu-west-1");
    api.clock.advance(keptAgeMaxMs);
    round();
    await expectProblem(await get("/drain-votes/eu-west-1"), 404, "no-vote");
    expect(commands().map(({ sk }) => sk)).toEqual(["COMMANDS#1", "COMMANDS#2"]);
  });

  test("closes the own region to Route 53, but not to probes", async () => {
    await command("drain", "us-east-1", { reason: "a test", force: true });
    round();
    await expectProblem(await get("/health"), 503, "drained");
    expect((await get("/health")).headers.get("retry-after")).toBeNull();
    expect((await api.app.request("/ready")).status).toBe(200);
    api.clock.advance(keptAgeMaxMs);
    api.items.failNext("GetItem Control", { type: "throttled", operation: "" }, { times: 9 });
    await expectProblem(await get("/health"), 503, "drained"); // as it was last known
    expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("leaves enough regions open, unless it is forced", async () => {
    await command("drain", "eu-west-1");
    await command("drain", "ap-east-1");
    const refused = await expectProblem(await command("drain", "ap-south-1"), 409, "too-many-drained");
    expect(refused).toMatchObject({ drained: ["eu-west-1", "ap-east-1"] });
    expect((await command("drain", "ap-south-1", { reason: "a flood", force: true })).status).toBe(202);
    expect((await command("restore", "ap-south-1")).status).toBe(202);
  });

  test("is taken though another operator takes its number, and given up when that goes on", async () => {
    const { put } = api.items;
    let races = 3;
    const racing: typeof put = async (...args) => {
      races -= 1;
      return races < 0 ? put(...args) : { ok: true, value: { type: "refused" } };
    };
    Object.assign(api.items, { put: racing });
    expect((await command("drain", "eu-west-1")).status).toBe(202);
    races = 4;
    await expectProblem(await command("drain", "eu-west-1"), 409, "contended");
  });

  test.each([
    ["no reason", {}],
    ["an empty one", { reason: "  " }],
    ["a long one", { reason: "x".repeat(commandReasonCharsMax + 1) }],
    ["a line break in it", { reason: "x\nOpen: all" }],
    ["a NUL in it", { reason: "x\0" }],
    ["words for a terminal", { reason: "\u001b[31mred" }],
    ["half a character", { reason: "x\ud83d" }],
    ["nothing that is seen", { reason: "\u200b\u3164" }],
    ["another word", { reason: "x", until: "tomorrow" }],
  ])("is refused with %s", async (_what, body) => {
    for (const action of ["drain", "restore"]) {
      await expectProblem(await command(action, "eu-west-1", body), 422, "invalid-body");
    }
    expect(commands()).toEqual([]);
  });

  test("is refused in words that say what is wrong with the reason", async () => {
    const response = await command("drain", "eu-west-1", { reason: "x\nOpen: all" });
    expect(await expectProblem(response, 422, "invalid-body")).toMatchObject({
      errors: [{ pointer: "#/reason", detail: "it has a line break or another control character" }],
    });
  });

  test("is taken in any script, with emoji", async () => {
    const reason = "Überlast – 新しいディスク \u{1f469}\u200d\u{1f692}\u{1f525}";
    expect(await (await command("drain", "eu-west-1", { reason: ` ${reason}\n` })).json()).toMatchObject({
      reason,
    });
  });

  test("is refused of a region that is none, and while Control is away", async () => {
    await expectProblem(await command("drain", "mars-1"), 404, "region-not-found");
    api.items.failNext("Query Control", { type: "throttled", operation: "Query Control" });
    await expectProblem(await command("restore", "eu-west-1"), 503, "throttled");
    expect(commands()).toEqual([]);
  });
});
