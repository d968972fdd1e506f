import { describe, expect, test } from "vitest";
import { drainedRegions } from "./drained.ts";
import { drainVoteAnswer, healthAnswer } from "./health-answers.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import { ap, commandOf, eu, four, heardFrom, hk, nowMs, standing, us, votesOf } from "./testing/vote-data.ts";
import type { VoteView } from "./vote-view.ts";

describe("a region that is drained", () => {
  test("is one that all others vote for, of three regions or more; silence and other rules are no vote", () => {
    const votes = [ap, hk, us].map((one) => votesOf(one, { standings: new Map([[eu, standing()]]) }));
    const drained = (heard: VoteView["heard"]) => drainedRegions({ heard, configured: four }, settings);
    expect(drained(heardFrom(...votes))).toEqual(new Map([[eu, { type: "votes", voters: [us, ap, hk] }]]));
    expect(drained(new Map([...heardFrom(...votes), [hk, { type: "not-understood" }]])).size).toBe(0);
    expect(drained(heardFrom(...votes.slice(1))).size).toBe(0);
    const itself = votesOf(eu, { standings: new Map([[eu, standing()]]) });
    expect(drained(heardFrom(...votes.slice(1), itself)).size).toBe(0);
    const three = { heard: heardFrom(...votes), configured: [us, eu] };
    expect(drainedRegions(three, settings).size).toBe(0);
    const closed = votesOf(ap, {
      closing: { command: commandOf(ap, "drain").stamp, phase: "closed", round: 1, sinceMs: 3 },
    });
    expect(drained(heardFrom(closed))).toEqual(new Map([[ap, { type: "operator", sinceMs: 3 }]]));
  });
});

describe("answers to Route 53", () => {
  const closing = { command: commandOf(us, "drain").stamp, phase: "closed", round: 1, sinceMs: 1 } as const;
  test("/health is open unless the region cannot serve or an operator's drain is in force", () => {
    expect(healthAnswer(true, undefined)).toEqual({ status: 200, health: "open" });
    expect(healthAnswer(false, undefined)).toEqual({ status: 503, health: "not-ready" });
    expect(healthAnswer(true, votesOf(us, { closing }))).toEqual({ status: 503, health: "drained" });
    for (const phase of ["asking", "reopened"] as const) {
      expect(healthAnswer(true, votesOf(us, { closing: { ...closing, phase } })).status).toBe(200);
    }
  });

  test("a vote is said while it stands and the prober is there to renew it", () => {
    const own = votesOf(us, {
      standings: new Map([
        [eu, standing()],
        [ap, standing({ voting: false, why: "well" })],
      ]),
    });
    const at = (ms: number) => ({ nowMs: nowMs + ms, settings });
    expect(drainVoteAnswer(own, eu, at(settings.silenceMaxMs))).toEqual({
      status: 200,
      vote: "drain",
      sinceMs: nowMs - 120_000,
    });
    expect(drainVoteAnswer(own, eu, at(settings.silenceMaxMs + 1)).status).toBe(404);
    expect(drainVoteAnswer(own, ap, at(0)).status).toBe(404);
    expect(drainVoteAnswer(own, hk, at(0)).status).toBe(404);
    expect(drainVoteAnswer(undefined, eu, at(0)).status).toBe(404);
  });
});
