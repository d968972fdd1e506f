import { describe, expect, it } from "vitest";
import { backWithinMs, shiftWithinMs } from "./bounds.ts";
import type { RegionsHistory } from "./history.ts";
import { awaysOf, judgeRegions, type RegionPromises } from "./judge-regions.ts";
import { phasesOf } from "./phases.ts";
import { type ForgedLoss, forgeHistory, lost, others, regions, usualLoss } from "./testing/forged-history.ts";

const promises: RegionPromises = {
  shiftWithinMs,
  recoverWithinMs: backWithinMs(),
  activeMin: 3,
  drainsMax: { [lost]: 1 },
  drained: [lost],
  awaysMax: { [lost]: 1 },
  failedAfterShiftMax: 0,
};
const judge = (more: Partial<ForgedLoss>, promised: Partial<RegionPromises> = {}) =>
  judgeRegions(forgeHistory({ ...usualLoss, ...more }), { ...promises, ...promised });
const second = 1_000;
const never: readonly [number, number] = [Number.POSITIVE_INFINITY, 0];

describe("phases", () => {
  it("are counted from the failure, and the return from the mending", () => {
    expect(phasesOf(forgeHistory())).toEqual({
      detectedMs: 26_000, // the first vote is at 55 s, and looks are every two
      decidedMs: 28_000,
      shiftedMs: 36_100,
      recoveredMs: 110_000,
      votesAgreeMs: 2_000,
    });
  });

  it("are absent where nothing came of it", () => {
    const history = forgeHistory({ ...usualLoss, votes: {}, away: [] });
    expect(phasesOf(history)).not.toHaveProperty("detectedMs");
    expect(phasesOf(history)).not.toHaveProperty("decidedMs");
    expect(phasesOf(history)).not.toHaveProperty("shiftedMs");
    expect(phasesOf({ ...history, marks: [] })).toEqual({});
  });

  it("end when those near the region are led to it and served there, and not before it is mended", () => {
    const early: ForgedLoss["away"] = [
      [58 * second, 90 * second],
      [94 * second, 150 * second],
    ];
    expect(phasesOf(forgeHistory({ ...usualLoss, away: early })).recoveredMs).toBe(30_000);
  });
});

describe("the judge of regions", () => {
  it("finds nothing where every promise was kept", () => {
    const verdict = judge({});
    expect(verdict.broken).toEqual([]);
    expect(verdict).toMatchObject({ activeMin: 3, drains: 1, drainsInHalves: 0, failedAfterShift: 0 });
    expect(verdict.failed).toBeGreaterThan(10);
  });

  it.each<[string, Partial<ForgedLoss>, RegExp]>([
    [
      "shoppers that are served too late",
      { servedMs: 90 * second },
      /^shoppers were served elsewhere after 60\.1 s, where 40\.0 s/,
    ],
    ["shoppers that are never served elsewhere", { away: [] }, /^never: shoppers were served elsewhere/],
    ["shoppers that never come back", { away: [[58 * second, 400 * second]] }, /^never: shoppers were back/],
    [
      "requests that fail when shoppers had to be elsewhere",
      { servedMs: 90 * second },
      /^\d+ requests failed when/,
    ],
    [
      "a region that goes out again",
      {
        away: [
          [58 * second, 140 * second],
          [220 * second, 260 * second],
        ],
      },
      /^those near eu-west-1 were led away 2 times, where 1/,
    ],
    [
      "a region that is never drained",
      { votes: { [others[0] ?? ""]: [55 * second, 200 * second] } },
      /^eu-west-1 was never drained/,
    ],
  ])("convicts %s", (_, loss, words) => {
    expect(judge(loss).broken).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });

  it("convicts a request that failed where none may", () => {
    const { broken } = judge({}, { failedMax: 0 });
    expect(broken).toEqual([expect.stringMatching(/^\d+ requests failed: \d+ in eu-west-1$/)]);
    expect(judge({}, { failedMax: 1_000 }).broken).toEqual([]);
  });

  it("convicts a region that is led to while it had to be left alone", () => {
    const keptAway = (fromMs: number, toMs: number) =>
      judge({}, { keptAway: [{ near: lost, fromMs, toMs, while: "it had not caught up" }] }).broken;
    expect(keptAway(58 * second, 230 * second)).toEqual([]);
    const words = ["those near eu-west-1 were led back to it while it had not caught up"];
    expect(keptAway(58 * second, 232 * second)).toEqual(words);
    expect(keptAway(56 * second, 100 * second)).toEqual(words);
  });

  it("convicts a region that is drained twice", () => {
    const history = forgeHistory();
    const looks = history.looks.map((look) =>
      look.region === lost && look.atMs > 240 * second && look.atMs < 250 * second
        ? { ...look, against: others }
        : look,
    );
    expect(judgeRegions({ ...history, looks }, promises).broken).toEqual([
      "eu-west-1 was drained 2 times, where 1 is the most",
    ]);
  });

  it("takes a drain for the same one where an answer that was older left out a vote", () => {
    const history = forgeHistory();
    const without = (fromMs: number, toMs: number) => ({
      ...history,
      looks: history.looks.map((look) =>
        look.region === lost && look.atMs >= fromMs && look.atMs < toMs
          ? { ...look, against: look.against.slice(1) }
          : look,
      ),
    });
    expect(judgeRegions(without(100 * second, 104 * second), promises).drains).toBe(1);
    expect(judgeRegions(without(100 * second, 106 * second), promises).drains).toBe(2);
  });

  it("takes a drain for the same one where nobody looked for a while", () => {
    const history = forgeHistory();
    const looks = history.looks.filter(({ atMs }) => atMs < 80 * second || atMs > 120 * second);
    expect(judgeRegions({ ...history, looks }, promises).drains).toBe(1);
  });

  it("gives each failure its own time to shift", () => {
    const history = forgeHistory();
    const again = {
      ...history,
      marks: [...history.marks, { atMs: 250 * second, type: "broken", region: lost } as const],
      requests: [
        ...history.requests,
        ...[200, 260, 290, 291].map((at) => ({
          shopper: "late",
          near: lost,
          to: lost,
          sentMs: at * second,
          endedMs: at * second,
          end: "failed" as const,
        })),
      ],
    };
    expect(judgeRegions(again, promises).failedAfterShift).toBe(2);
  });

  it("convicts a drain of anybody else, and one in halves", () => {
    const inHalves: RegionsHistory = {
      ...forgeHistory(),
      marks: [
        { atMs: 20 * second, type: "halves" },
        { atMs: 100 * second, type: "whole" },
      ],
    };
    const verdict = judgeRegions(inHalves, { activeMin: 3, awaysMax: { [lost]: 1 } });
    expect(verdict.drainsInHalves).toBe(1);
    expect(verdict.broken).toEqual([
      "eu-west-1 was drained while the regions were in halves",
      "eu-west-1 was drained 1 times, where 0 is the most",
    ]);
    const afterwards = {
      ...inHalves,
      marks: inHalves.marks.map((mark) => ({ ...mark, atMs: mark.atMs - 50 * second })),
    };
    expect(
      judgeRegions(afterwards, { activeMin: 3, awaysMax: { [lost]: 1 }, drainsMax: { [lost]: 1 } }).broken,
    ).toEqual([]);
  });

  it("convicts a shop that has fewer regions open than promised, whether names or votes say so", () => {
    const history = forgeHistory();
    const names = history.names.map((sight) =>
      sight.near === "ap-east-1" && sight.atMs > 100 * second && sight.atMs < 200 * second
        ? { ...sight, to: "ap-south-1" }
        : sight,
    );
    const byNames = judgeRegions(
      { ...history, names },
      { ...promises, awaysMax: { [lost]: 1, "ap-east-1": 1 } },
    );
    expect(byNames.broken).toEqual(["2 regions were open at one time, where 3 stay open"]);
    const looks = history.looks.map((look) =>
      look.region === "ap-east-1" && look.atMs === 100 * second
        ? { ...look, against: regions.filter((region) => region !== look.region) }
        : look,
    );
    const byVotes = judgeRegions(
      { ...history, looks },
      { ...promises, drainsMax: { [lost]: 1, "ap-east-1": 1 } },
    );
    expect(byVotes.activeMin).toBe(2);
  });

  it("counts no region as closed that was asked for and not answered, or takes a share of its shoppers", () => {
    const history = forgeHistory();
    const names = history.names.map((sight, at) =>
      sight.near === "ap-east-1" && at % 3 === 0
        ? { ...sight, to: at % 2 === 0 ? undefined : "ap-south-1" }
        : sight,
    );
    expect(judgeRegions({ ...history, names }, promises).activeMin).toBe(3);
  });
});

describe("times that a neighbourhood was led away", () => {
  it("are one for a return in shares, and two where it had been back for a minute", () => {
    const aways = (away: ForgedLoss["away"]) => awaysOf(forgeHistory({ ...usualLoss, away }), lost);
    expect(aways([])).toBe(0);
    expect(
      aways([
        [60_000, 100_000],
        [110_000, 120_000],
        [150_000, 160_000],
      ]),
    ).toBe(1);
    expect(
      aways([
        [60_000, 100_000],
        [164_000, 170_000],
      ]),
    ).toBe(2);
    expect(aways([never])).toBe(0);
  });
});
