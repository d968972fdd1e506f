import { describe, expect, it } from "vitest";
import type { Fault } from "../../faults/fault.ts";
import type { DrillContext } from "../drill.ts";
import type { Mark, RegionsHistory } from "./history.ts";
import { createStage } from "./stage.ts";
import { loseRegion } from "./steps.ts";
import { forgeHistory, lost, regions } from "./testing/forged-history.ts";

/** A stage on which time passes only where somebody waits, before what is seen at each moment. */
function openStage(seen: (nowMs: number) => RegionsHistory, refuse = false) {
  let nowMs = 0;
  const marks: Mark[] = [];
  const notes: string[] = [];
  const faults: Fault[] = [];
  const looked: string[] = [];
  const apply = (fault: Fault) => {
    faults.push(fault);
    return refuse ? { ok: false as const, error: "not now" } : { ok: true as const, said: [] };
  };
  const stage = createStage({
    context: { regions, world: { apply } } as unknown as DrillContext,
    time: {
      now: () => nowMs,
      sleep: async (delayMs) => {
        nowMs += delayMs;
      },
    },
    history: () => seen(nowMs),
    marks,
    note: (line) => notes.push(line),
    bring: () => {},
    lookForOrders: async (others) => void looked.push(...others),
  });
  return { stage, marks, notes, faults, looked };
}

/** What had been seen of a forged run by then. */
function seenBy(nowMs: number): RegionsHistory {
  const { marks, names, looks, requests } = forgeHistory();
  const before = ({ atMs }: { readonly atMs: number }) => atMs <= nowMs;
  return {
    regions,
    marks: marks.filter(before),
    names: names.filter(before),
    looks: looks.filter(before),
    requests: requests.filter(({ endedMs }) => endedMs <= nowMs),
  };
}

describe("a stage", () => {
  it("gives the commands, and notes when and why", async () => {
    const { stage, marks, notes, faults } = openStage(() => forgeHistory());
    await stage.pass(5_000);
    stage.act("it falls", { type: "broken", region: lost }, { type: "down", region: lost });
    expect([marks, notes, faults]).toEqual([
      [{ atMs: 5_000, type: "broken", region: lost }],
      ["it falls"],
      [{ type: "down", region: lost }],
    ]);
  });

  it("does not go on when the world refuses a command", () => {
    const { stage } = openStage(() => forgeHistory(), true);
    expect(() => stage.act("it falls", undefined, { type: "down", region: lost })).toThrow(/not now/);
  });

  it("waits until what is seen says so, and no longer than it may", async () => {
    const { stage, notes } = openStage(seenBy);
    const isBroken = ({ marks }: RegionsHistory) => marks.length > 0;
    expect(await stage.until("it is broken", isBroken, 60_000)).toBe(true);
    expect(stage.now()).toBe(30_000);
    expect(await stage.until("it is never so", () => false, 1_000)).toBe(false);
    expect(notes).toEqual(["it is broken", "not within 1.0 s: it is never so"]);
  });
});

describe("a region that is lost and comes back", () => {
  it("stays away until its shoppers have moved and a minute more, and orders are looked for in the others", async () => {
    const { stage, marks, faults, looked } = openStage(seenBy);
    await stage.pass(30_000);
    await loseRegion(stage, lost);
    expect(faults.map(({ type }) => type)).toEqual(["down", "up"]);
    expect(marks.map(({ atMs }) => atMs)).toEqual([30_000, 66_500 + 60_000]);
    expect(looked).toEqual(regions.filter((region) => region !== lost));
  });
});
