import { describe, expect, it } from "vitest";
import { regions } from "../../core/src/region/regions.ts";
import { committedStages, homeStageOf, parseStage } from "./stages.ts";

describe("stages", () => {
  it.each([
    ["prod-eu-west-1", { environment: "prod", region: "eu-west-1", personal: false }],
    ["alice", { environment: "alice", region: "us-east-1", personal: true }],
  ])("reads %s", (name, expected) => {
    expect(parseStage(name)).toEqual({ name, ...expected });
  });

  it.each(["", "prod-", "-us-east-1", "prod-mars-1", "Prod-us-east-1", "a b"])("refuses %j", (name) => {
    expect(parseStage(name)).toBeUndefined();
  });

  it("commits production in every region, home first, and one personal stage", () => {
    expect(committedStages().map(({ name }) => name)).toEqual([
      ...regions.map(({ name }) => `prod-${name}`),
      "alice",
    ]);
  });

  it("finds the stage that owns what exists once per environment", () => {
    const homes = committedStages().map((stage) => homeStageOf(stage).name);
    expect(new Set(homes)).toEqual(new Set(["prod-us-east-1", "alice"]));
  });
});
