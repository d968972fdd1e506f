import { describe, expect, it } from "vitest";
import { judgeRegions } from "./judge-regions.ts";
import { reportRegions } from "./report.ts";
import { forgeHistory, lost, regions, usualLoss } from "./testing/forged-history.ts";

const shopping = { lostWrites: 0, lostOrders: 0, oversold: 0, orders: 3, broken: ["an order is gone"] };
const reportOf = (history = forgeHistory()) =>
  reportRegions({
    context: { seed: 7, regions },
    timeScale: 3,
    history,
    verdict: judgeRegions(history, { activeMin: 3, drainsMax: { [lost]: 1 }, awaysMax: { [lost]: 1 } }),
    shopping,
    open: ["repair did not finish: 1"],
    notes: ["it falls"],
  });

describe("a report of a drill of regions", () => {
  it("has these figures, in ms of the world, and every finding", () => {
    const { figures, broken } = reportOf();
    expect(Object.keys(figures)).toEqual([
      ...["seed", "timeScale", "detectedMs", "decidedMs", "shiftedMs", "recoveredMs", "requests", "failed"],
      ...[
        "failedAfterShift",
        "lostWrites",
        "lostOrders",
        "oversold",
        "drains",
        "drainsInHalves",
        "activeMin",
      ],
      "votesAgreeMs",
    ]);
    expect(figures).toMatchObject({ seed: 7, timeScale: 3, shiftedMs: 36_100, drains: 1, activeMin: 3 });
    expect(broken).toEqual(["an order is gone", "repair did not finish: 1"]);
  });

  it("says null of what did not happen", () => {
    const { figures, rows } = reportOf(forgeHistory({ ...usualLoss, votes: {}, away: [] }));
    expect(figures).toMatchObject({ detectedMs: null, decidedMs: null, shiftedMs: null, votesAgreeMs: null });
    expect(rows).toContainEqual(["first vote after", "never"]);
  });
});
