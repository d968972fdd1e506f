import { describe, expect, test } from "vitest";
import { regionStates } from "./region-state.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import { ap, eu, four, heardFrom, hk, nowMs, standing, us, votesOf } from "./testing/vote-data.ts";
import type { RegionVotes } from "./votes-item.ts";

const command = { ms: 7, counter: 0, origin: us };

/** How eu-west-1 is seen where others say these things. */
function stateOfEu(...said: readonly RegionVotes[]) {
  return regionStates({ heard: heardFrom(...said), configured: four }, { nowMs, settings }).get(eu);
}

const against = (by: typeof us, sinceMs: number, voting = true) =>
  votesOf(by, { standings: new Map([[eu, standing({ sinceMs, voting, why: voting ? "probes" : "well" })]]) });

describe("a region is", () => {
  test("open where it speaks, and nothing more is known", () => {
    expect(stateOfEu(...four.map((one) => votesOf(one)))).toEqual({ state: "open", voters: [] });
  });

  test("unknown where nothing of it is in sight, or it has been silent for long, on whichever side its clock is", () => {
    expect(stateOfEu(votesOf(us))).toEqual({ state: "unknown", voters: [] });
    for (const touchedAtMs of [nowMs - settings.silenceMaxMs - 1, nowMs + settings.silenceMaxMs + 1]) {
      const silent = votesOf(eu, { touchedAtMs });
      expect(stateOfEu(silent)).toEqual({ state: "unknown", sinceMs: touchedAtMs, voters: [] });
    }
    expect(stateOfEu(votesOf(eu, { touchedAtMs: nowMs - settings.silenceMaxMs }))?.state).toBe("open");
  });

  test("closing, drained and open again as an operator's drain goes on, however silent it is once it is closed", () => {
    const inPhase = (phase: "asking" | "closed" | "reopened", touchedAtMs = nowMs) =>
      stateOfEu(votesOf(eu, { touchedAtMs, closing: { command, phase, round: 3, sinceMs: 500 } }));
    expect(inPhase("asking")).toEqual({ state: "closing", sinceMs: 500, voters: [] });
    const closed = { state: "drained", drainedBy: "operator", sinceMs: 500, voters: [] };
    expect(inPhase("closed")).toEqual(closed);
    expect(inPhase("closed", 1)).toEqual(closed);
    expect(inPhase("reopened")).toEqual({ state: "open", sinceMs: 500, voters: [] });
  });

  test("open while a vote is missing, and drained since the last of them began, though it says nothing", () => {
    const two = [against(us, 30), against(ap, 70)];
    expect(stateOfEu(votesOf(eu), ...two, votesOf(hk))).toEqual({ state: "open", voters: [us, ap] });
    expect(stateOfEu(...two, against(hk, 50))).toEqual({
      state: "drained",
      drainedBy: "votes",
      sinceMs: 70,
      voters: [us, ap, hk],
    });
  });

  test("drained by an operator where all votes are for that, before it has heard so itself", () => {
    const obeying = [us, ap, hk].map((by) =>
      votesOf(by, { standings: new Map([[eu, standing({ sinceMs: 40, why: "operator" })]]) }),
    );
    const drained = { state: "drained", drainedBy: "operator", sinceMs: 40, voters: [us, ap, hk] };
    expect(stateOfEu(votesOf(eu), ...obeying)).toEqual(drained);
    expect(stateOfEu(votesOf(eu), ...obeying.slice(1), against(us, 30))?.drainedBy).toBe("votes");
  });

  test("open since the last vote against it ended", () => {
    expect(stateOfEu(votesOf(eu), against(us, 30), against(ap, 70, false), against(hk, 60, false))).toEqual({
      state: "open",
      sinceMs: 70,
      voters: [us],
    });
  });
});
