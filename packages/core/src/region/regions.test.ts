import { expect, test } from "vitest";
import { isOrigin, originOf, originRegion } from "../ids/origin.ts";
import { homeRegion, isRegionName, regions } from "./regions.ts";

test("every region has a name of its own and an origin that can stand in a key", () => {
  expect(new Set(regions.map(({ name }) => name)).size).toBe(regions.length);
  for (const region of regions) {
    expect(isOrigin(originOf(region))).toBe(true);
    expect(originRegion(originOf(region))).toBe(region.name);
  }
});

test("every region's partner is another one of the list", () => {
  for (const { name, partner } of regions) {
    expect(isRegionName(partner)).toBe(true);
    expect(partner).not.toBe(name);
  }
});

test("region names are those of the list", () => {
  expect(isRegionName(homeRegion)).toBe(true);
  expect(isRegionName("eu-west-9")).toBe(false);
});
