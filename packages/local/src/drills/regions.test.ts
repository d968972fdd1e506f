import { afterAll, beforeAll, expect, it } from "vitest";
import { startTemporaryWorld, type TemporaryWorld } from "../world/temporary-world.ts";
import { operatorDrain } from "./regions/operator-drain.ts";
import { runDrill } from "./run-drill.ts";

const timeScale = 4;
let world: TemporaryWorld;

beforeAll(async () => {
  world = await startTemporaryWorld({ timeScale, products: 20 });
});
afterAll(() => world?.close());

const drillMs = 400_000; // four minutes of the world; on a machine that is busy with other tests, longer

/** When shoppers move is judged by the drill; here it may be late, as on a machine that is busy with other tests. */
it("a short run of operator-drain moves shoppers and leads them back, and loses nothing", {
  timeout: drillMs,
}, async () => {
  const lines: string[] = [];
  const { figures } = await runDrill(operatorDrain, {
    world,
    seed: 15,
    sizes: { shoppers: 1 },
    say: (line) => lines.push(line),
  });
  const seen = { figures, lines };
  expect(figures, JSON.stringify(seen)).toMatchObject({
    seed: 15,
    timeScale,
    lostWrites: 0,
    lostOrders: 0,
    oversold: 0,
    drainsInHalves: 0,
    decidedMs: expect.any(Number),
    shiftedMs: expect.any(Number),
    recoveredMs: expect.any(Number),
  });
  expect(figures["requests"]).toBeGreaterThan(50);
  expect(lines.some((line) => /clients near \S+ are led to \S+$/.test(line))).toBe(true);
});
