import { afterAll, beforeAll, expect, it } from "vitest";
import { steerRegion } from "../cli/regions/steer-region.ts";
import { systemPorts } from "../cli/regions/system-ports.ts";
import { startTemporaryWorld, type TemporaryWorld, worldRegions } from "./temporary-world.ts";

/** Three looks ten seconds apart, a schedule that begins some seconds late, and a busy machine. */
const votedWithinMs = 120_000;

/** A first round within a minute of the world's start, and its way to each other region, on a busy machine. */
const measuredWithinMs = 180_000;

/** An API keeps what it has read of the regions for five seconds. */
const keptMs = 6_000;

let world: TemporaryWorld;

beforeAll(async () => {
  world = await startTemporaryWorld({ products: 5 });
}, 120_000);
afterAll(() => world?.close());

const others = worldRegions.filter((region) => region !== "ap-south-1");

const statusesOf = (path: string) =>
  Promise.all(
    others.map(async (region) => {
      const response = await fetch(`${world.api(region)}${path}`);
      await response.arrayBuffer();
      return response.status;
    }),
  );

interface Listed {
  readonly regions: readonly { readonly name: string; readonly state: string; readonly drainedBy?: string }[];
  readonly lag:
    | readonly {
        readonly from: string;
        readonly days: readonly { readonly count: number; readonly p99Ms: number }[];
      }[]
    | null;
}

async function listedBy(region: string): Promise<Listed> {
  return (await fetch(`${world.api(region)}/v1/regions`)).json() as Promise<Listed>;
}

it("every region measures how long the rounds of each other one take to it, and sees all of them open", {
  timeout: measuredWithinMs + 30_000,
}, async () => {
  const startedMs = Date.now();
  for (const region of worldRegions) {
    const peers = worldRegions.filter((other) => other !== region);
    let listed = await listedBy(region);
    while (listed.lag?.length !== peers.length || listed.regions.some(({ state }) => state !== "open")) {
      expect(Date.now() - startedMs, JSON.stringify(listed)).toBeLessThan(measuredWithinMs);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      listed = await listedBy(region);
    }
    expect(listed.lag?.map(({ from }) => from)).toEqual(peers);
    for (const { days } of listed.lag ?? []) {
      expect(days[0]?.count).toBeGreaterThan(0);
      expect(days[0]?.p99Ms).toBeGreaterThan(0);
    }
  }
});

it("an operator's word closes a region to Route 53 and opens it again, as those who gave it are told", {
  timeout: 4 * votedWithinMs,
}, async () => {
  const token = world.adminToken({ name: "alice", hours: 1 });
  const deps = {
    ...systemPorts(),
    regions: worldRegions.map((name) => ({ name, url: world.api(name) })),
    token: token.ok ? token.value : "",
  };
  const word = { region: "eu-west-1", reason: "a look", force: false, json: false };
  const healthOf = async (region: string) => (await fetch(`${world.api(region)}/health`)).status;
  const drained = await steerRegion({ ...word, action: "drain" }, deps);
  expect(drained).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^eu-west-1 is drained by an operator/),
  });
  expect(await healthOf("us-east-1")).toBe(200);
  const votes = () => statusesOf("/drain-votes/eu-west-1");
  // it closes by its own word, which is no vote; the others vote in their next rounds
  await expect.poll(votes, { timeout: votedWithinMs, interval: 1_000 }).toEqual([200, 404, 200]);
  const restored = await steerRegion({ ...word, action: "restore" }, deps);
  expect(restored).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^eu-west-1 is open;/) });
  await expect.poll(() => healthOf("eu-west-1"), { timeout: 5 * keptMs, interval: 500 }).toBe(200);
});

it("every region votes against one that is gone, by its own looks over the links, and against no other", {
  timeout: votedWithinMs + 30_000,
}, async () => {
  expect(await statusesOf("/drain-votes/ap-south-1")).toEqual([404, 404, 404]);
  world.apply({ type: "down", region: "ap-south-1" });
  const startedMs = Date.now();
  while ((await statusesOf("/drain-votes/ap-south-1")).join() !== "200,200,200") {
    expect(Date.now() - startedMs).toBeLessThan(votedWithinMs);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  for (const region of others) {
    expect(await statusesOf(`/drain-votes/${region}`), region).toEqual([404, 404, 404]);
  }
  expect(await statusesOf("/health")).toEqual([200, 200, 200]);
  await new Promise((resolve) => setTimeout(resolve, keptMs)); // the list is as of some seconds ago
  for (const region of others) {
    const { regions } = await listedBy(region);
    const out = { name: "ap-south-1", state: "drained", drainedBy: "votes" };
    expect(regions.filter(({ state }) => state !== "open")).toMatchObject([out]);
  }
  expect(world.warnings.filter((line) => /AccessDenied|not authorized/.test(line))).toEqual([]);
});
