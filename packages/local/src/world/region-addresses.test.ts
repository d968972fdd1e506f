import { expect, test } from "vitest";
import type { AliasTarget } from "../provision/alias-targets.ts";
import type { HostedZoneId } from "../services/route53/record-set.ts";
import { dnsName } from "../services/route53/testing/record-sets.ts";
import { addressOf, createForeignValues, regionAt } from "./region-addresses.ts";

const regions = ["us-east-1", "eu-west-1"];
const targets: readonly AliasTarget[] = [
  {
    zoneId: "ZAPI" as HostedZoneId,
    target: dnsName("d-1.test"),
    leadsTo: { type: "api", region: "eu-west-1" },
  },
  { zoneId: "ZCDN" as HostedZoneId, target: dnsName("d.cloudfront.net"), leadsTo: { type: "cdn" } },
];

const values = (zoneId: string, target: string, type: "A" | "AAAA" | "CNAME") =>
  createForeignValues(regions, targets)(
    { type: "alias", zoneId: zoneId as HostedZoneId, target: dnsName(target), evaluateTargetHealth: false },
    type,
  )?.values;

test("each region has its address, and the address its region", () => {
  expect(regions.map((region) => addressOf(regions, region))).toEqual(["127.0.0.101", "127.0.0.102"]);
  expect(regionAt(regions, "127.0.0.102")).toBe("eu-west-1");
  expect(regionAt(regions, "127.0.0.1")).toBeUndefined();
});

test("an alias leads to a region's API, by version 4 only, and a CDN's to nobody", () => {
  expect(values("ZAPI", "d-1.test", "A")).toEqual(["127.0.0.102"]);
  expect(values("ZAPI", "d-1.test", "AAAA")).toBeUndefined();
  expect(values("ZCDN", "d.cloudfront.net", "A")).toEqual(["192.0.2.1"]);
  expect(values("ZCDN", "d.cloudfront.net", "AAAA")).toEqual(["2001:db8::1"]);
  expect(values("ZCDN", "d.cloudfront.net", "CNAME")).toBeUndefined();
  expect(values("ZCDN", "d-1.test", "A")).toBeUndefined();
  expect(values("ZAPI", "d-2.test", "A")).toBeUndefined();
});
