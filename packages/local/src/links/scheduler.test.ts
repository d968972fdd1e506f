import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../testing-time/virtual-time.ts";
import { createScaledScheduler, createWallScheduler, sleep } from "./scheduler.ts";

describe("the wall scheduler", () => {
  it("tells the calendar's time, calls later, and not at all when cancelled", async () => {
    const scheduler = createWallScheduler();
    expect(Math.abs(scheduler.now() - Date.now())).toBeLessThan(1000);
    const seen: string[] = [];
    const cancel = scheduler.after(5, () => seen.push("cancelled"));
    scheduler.after(5, () => seen.push("called"));
    cancel();
    const startMs = scheduler.now();
    await sleep(scheduler, 30);
    expect(scheduler.now() - startMs).toBeGreaterThanOrEqual(29);
    expect(seen).toEqual(["called"]);
  });
});

describe("a scaled scheduler", () => {
  it("passes faster from the moment on that it was told, and calls as much sooner", async () => {
    const machine = createVirtualTime();
    const sinceMs = machine.now();
    const world = createScaledScheduler(machine, { scale: 5, sinceMs });
    const seen: number[] = [];
    world.after(10_000, () => seen.push(world.now() - sinceMs));
    world.after(10_000, () => seen.push(-1))();
    expect(world.now()).toBe(sinceMs);
    await machine.advance(1_999);
    expect(seen).toEqual([]);
    await machine.advance(1);
    expect(seen).toEqual([10_000]);
  });

  it("at 1 is the machine's own", () => {
    const machine = createWallScheduler();
    expect(createScaledScheduler(machine, { scale: 1, sinceMs: 0 })).toBe(machine);
  });
});
