import { expect, it } from "vitest";
import { judgeFailovers } from "./judge-failovers.ts";
import type { SeenFailover } from "./watch-failovers.ts";

const seen = (atMs: number, outcome: string, kind: SeenFailover["kind"] = "failover"): SeenFailover => ({
  atMs,
  by: "us-east-1",
  kind,
  target: "ap-south-1#1",
  outcome,
});
const meanwhile = { fromMs: 100, toMs: 200 };

it("a failover may run and be pending while no control plane takes a call, and be completed afterwards", () => {
  const kept = [seen(110, "running"), seen(120, "pending"), seen(210, "completed")];
  expect(judgeFailovers(kept, meanwhile)).toEqual([]);
});

it("a failover that says it is completed is convicted, and so is one that nobody tried", () => {
  expect(judgeFailovers([seen(120, "pending"), seen(130, "completed")], meanwhile)).toEqual([
    "us-east-1 called its failover of ap-south-1#1 completed, and no control plane took a call",
  ]);
  const nobody = ["no region wrote down that its failover is pending"];
  expect(judgeFailovers([], meanwhile)).toEqual(nobody);
  expect(
    judgeFailovers([seen(90, "pending"), seen(200, "pending"), seen(150, "running")], meanwhile),
  ).toEqual(nobody);
  expect(judgeFailovers([seen(120, "pending", "recovery")], meanwhile)).toEqual(nobody);
});
