import { describe, expect, it } from "vitest";
import { createWallScheduler, sleep } from "./scheduler.ts";

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
