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
      regions: [{ name: "us-east-1", origin: "us-east-1#1", continent: "NA", partner: "eu-west-1" }],
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
    ["averyveryverylongname-eu-west-1", /12 at most/],
  ])("refuses %j", (name, message) => {
    expect(readStage(name).refusal).toMatch(message);
  });

  it.each(regions.map((region) => region.name))("leaves room for every physical name in %s", (region) => {
    const longest = "a".repeat(12);
    expect(readStage(`${longest}-${region}`).refusal).toBeUndefined();
    expect(readStage(`${longest}a-${region}`).refusal).toBeDefined();
    const account = "111122223333";
    expect(`antipode-${longest}-${region}-failed-batches-${account}`.length).toBeLessThanOrEqual(63); // S3
    expect(`antipode-me-${longest}-${region}-CatalogDispatcher`.length).toBeLessThanOrEqual(64); // Lambda
  });

  it("keeps the home region where it is: another one would take the tables away from their owner", () => {
    expect(regions[0].name).toBe("us-east-1");
  });
});
