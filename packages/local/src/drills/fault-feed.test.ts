import { describe, expect, it } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { createFaultFeed, describePlan } from "./fault-feed.ts";

const regions = ["us-east-1", "eu-west-1", "ap-south-1"];
const [us = "", eu = "", asia = ""] = regions;

describe("a feed of faults", () => {
  it("says whom the faults in force keep away from a region, each way and as long as they last", () => {
    const given: Fault[] = [];
    const feed = createFaultFeed(
      { apply: (fault) => ({ ok: true, said: [String(given.push(fault))] }) },
      {
        regions,
        plan: [
          { at: 1, fault: { type: "cut", from: us, to: eu, oneWay: true } },
          { at: 2, fault: { type: "heal", from: us, to: eu } },
          { at: 2, fault: { type: "down", region: asia } },
        ],
      },
    );
    expect(feed.keptApart(us)).toEqual([]);
    feed.operationBegins();
    expect([feed.keptApart(us), feed.keptApart(eu), feed.keptApart(asia)]).toEqual([[eu], [us], []]);
    feed.operationBegins();
    expect([feed.keptApart(us), feed.keptApart(asia)]).toEqual([[asia], [us, eu]]);
    feed.mendAll();
    expect(regions.flatMap((region) => feed.keptApart(region))).toEqual([]);
    expect(given.at(-1)).toEqual({ type: "heal" });
  });
});

describe("the account of a plan", () => {
  const faults: readonly Fault[] = [
    { type: "pay", set: { declineAll: true } },
    { type: "pay" },
    { type: "cut", from: us, to: eu, oneWay: true },
    { type: "cut", from: eu, to: us },
    { type: "cut", from: eu, to: asia },
    { type: "heal" },
    { type: "down", region: asia },
    { type: "up", region: asia },
  ];

  it("counts what breaks, one as one, and nothing that mends", () => {
    expect(describePlan(faults.map((fault) => ({ at: 1, fault })))).toEqual([
      "1 change of the payment provider",
      "2 links cut",
      "1 link cut, one way",
      "1 region down",
    ]);
  });
});
