import { afterAll, beforeAll, expect, it } from "vitest";
import { startTemporaryWorld, type TemporaryWorld, worldRegions } from "./temporary-world.ts";

/** Three looks ten seconds apart, a schedule that begins some seconds late, and a busy machine. */
const votedWithinMs = 120_000;

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
  expect(world.warnings.filter((line) => /AccessDenied|not authorized/.test(line))).toEqual([]);
});
