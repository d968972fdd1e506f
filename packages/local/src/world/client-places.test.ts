import { expect, test } from "vitest";
import { createClientTable } from "../services/route53/client-table.ts";
import { worldRegions } from "../testing/start-world.ts";
import { clientElsewhere, clientEntries, subnetNear } from "./client-places.ts";

const locate = createClientTable(clientEntries(worldRegions), clientElsewhere(worldRegions));

const nearest = (address: string) =>
  Object.entries(locate(address).location.latencyMsByRegion).toSorted(([, a], [, b]) => a - b)[0]?.[0];

test("each region has clients beside it, on its continent", () => {
  const first = worldRegions.map((region) => subnetNear(worldRegions, region).replace(/\/.*/, ""));
  expect(first).toEqual(["203.0.113.0", "203.0.113.64", "203.0.113.128", "203.0.113.192"]);
  expect(first.map(nearest)).toEqual(worldRegions);
  expect(first.map((address) => locate(address).location.continent)).toEqual(["NA", "EU", "AS", "AS"]);
  expect(nearest("203.0.113.127")).toBe("eu-west-1");
});

test("who is nowhere near is near the first region, and on no continent", () => {
  const { location, prefixLength } = locate("127.0.0.1");
  expect([nearest("127.0.0.1"), location.continent, prefixLength]).toEqual([worldRegions[0], undefined, 0]);
});
