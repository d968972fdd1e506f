import { describe, expect, it } from "vitest";
import { regions } from "../packages/core/src/region/regions.ts";
import { readStage } from "./stage-name.ts";

function parseStage(name: string) {
  const { stage, refusal } = readStage(name);
  expect(refusal).toBeUndefined();
  return stage;
}

describe("a stage's name", () => {
  it.each(regions.map((region) => region.name))("says environment and region: prod-%s", (region) => {
    const stage = parseStage(`prod-${region}`);
    expect(stage).toMatchObject({ environment: "prod", region, isPersonal: false, production: true });
    expect(stage.isHome).toBe(region === "us-east-1");
    expect(stage.regions.map((entry) => entry.name)).toEqual(regions.map((entry) => entry.name));
  });

  it("is personal without a region, and then has the home region only", () => {
    expect(parseStage("alice")).toEqual({
      environment: "alice",
      region: "us-east-1",
      isHome: true,
      isPersonal: true,
      production: false,
      regions: [{ name: "us-east-1", origin: "us-east-1#1" }],
    });
  });

  it("separates other environments from production", () => {
    expect(parseStage("staging-ap-east-1")).toMatchObject({
      environment: "staging",
      production: false,
      isHome: false,
    });
  });

  it.each([
    ["prod", /region by region: --stage prod-us-east-1/],
    ["prod-us-east-2", /Regions: us-east-1, eu-west-1, ap-south-1, ap-east-1/],
    ["-us-east-1", /neither/],
    ["Prod-us-east-1", /neither/],
    ["", /neither/],
    ["averyveryverylongname-eu-west-1", /16 at most/],
  ])("refuses %j", (name, message) => {
    expect(readStage(name).refusal).toMatch(message);
  });
});
