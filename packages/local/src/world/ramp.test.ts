/** A region that an operator closed comes back by a share of its shoppers, by name, with nobody calling Route 53. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTemporaryWorld, type TemporaryWorld } from "./temporary-world.ts";

const region = "eu-west-1";
const timeScale = 4;

/** ms of the world, with time for a busy machine. Four regions' checks begin as closed. */
const openWithinMs = 8 * 60_000;
/** An operator's word takes two rounds, and Route 53 three looks. */
const shiftWithinMs = 8 * 60_000;
/** Five minutes of the ramp, and two and a half until the slow check has turned. */
const wholeWithinMs = 20 * 60_000;
const machineMs = (worldMs: number) => worldMs / timeScale;

let world: TemporaryWorld;

beforeAll(async () => {
  world = await startTemporaryWorld({ products: 5, timeScale });
}, 240_000);
afterAll(() => world?.close());

async function command(action: "drain" | "restore"): Promise<number> {
  const token = world.adminToken({ name: "alice", hours: 1 });
  const response = await fetch(`${world.api("us-east-1")}/v1/regions/${region}/${action}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token.ok ? token.value : ""}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ reason: "a test" }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** How Route 53 stands to the region, and which regions answers lead a client near to it. */
function seen() {
  const led = [...ledFrom(60).keys()].sort(); // none is missing but once in 30 million times
  return { routing: world.status().regions.find((one) => one.region === region)?.route53, led };
}

const becomes = (routing: string, led: readonly string[], withinMs: number) =>
  expect.poll(seen, { timeout: machineMs(withinMs), interval: 250 }).toEqual({ routing, led });

/** How many of so many answers lead a client near the region to each. */
function ledFrom(count: number): ReadonlyMap<string, number> {
  const led = new Map<string, number>();
  for (let asked = 0; asked < count; asked += 1) {
    const answer = world.resolve("api", region);
    const [to = "nowhere"] = (answer.ok && answer.value[0]?.records[0]?.value.split(".")) || [];
    led.set(to, (led.get(to) ?? 0) + 1);
  }
  return led;
}

it("a drained region is led nobody, then a quarter of those near to it, while the others go where they went, then all", {
  timeout: machineMs(openWithinMs + 2 * shiftWithinMs + wholeWithinMs) + 60_000,
}, async () => {
  await becomes("open", [region], openWithinMs);
  expect(await command("drain")).toBe(202);
  await becomes("closed", ["us-east-1"], shiftWithinMs);
  const drainedMs = world.now();
  expect(await command("restore")).toBe(202);
  await becomes("share", [region, "us-east-1"], shiftWithinMs);
  const here = ledFrom(400).get(region) ?? 0;
  expect(here).toBeGreaterThan(60); // 100 of 400; four standard deviations are 35
  expect(here).toBeLessThan(140);
  await becomes("open", [region], wholeWithinMs);
  expect(world.now() - drainedMs).toBeGreaterThan(5 * 60_000);
  expect(world.warnings.filter((line) => /AccessDenied|not authorized/.test(line))).toEqual([]);
});
