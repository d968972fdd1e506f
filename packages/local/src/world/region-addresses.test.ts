import { expect, test } from "vitest";
import type { AliasTarget } from "../provision/alias-targets.ts";
import type { HostedZoneId } from "../services/route53/record-set.ts";
import { dnsName } from "../services/route53/testing/record-sets.ts";
import { clientNear } from "./client-places.ts";
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

const answer = (zoneId: string, target: string, type: "A" | "AAAA" | "CNAME", near = "us-east-1") =>
  createForeignValues(regions, targets)(
    { type: "alias", zoneId: zoneId as HostedZoneId, target: dnsName(target), evaluateTargetHealth: false },
    type,
    clientNear(regions, near),
  );
const values = (...question: Parameters<typeof answer>) => answer(...question)?.values;

test("each region has its address, and the address its region", () => {
  expect(regions.map((region) => addressOf(regions, region))).toEqual(["127.0.0.101", "127.0.0.102"]);
  expect(regionAt(regions, "127.0.0.102")).toBe("eu-west-1");
  expect(regionAt(regions, "127.0.0.1")).toBeUndefined();
});

test("an alias leads to a region's API, and a CDN's to the edge location near the client, by version 4 only", () => {
  expect(values("ZAPI", "d-1.test", "A")).toEqual(["127.0.0.102"]);
  expect(values("ZAPI", "d-1.test", "AAAA")).toBeUndefined();
  expect(values("ZCDN", "d.cloudfront.net", "A")).toEqual(["127.0.0.111"]);
  expect(values("ZCDN", "d.cloudfront.net", "A", "eu-west-1")).toEqual(["127.0.0.112"]);
  expect(answer("ZCDN", "d.cloudfront.net", "A")?.dependsOnClient).toBe(true);
  expect(answer("ZAPI", "d-1.test", "A")?.dependsOnClient).toBe(false);
  expect(values("ZCDN", "d.cloudfront.net", "AAAA")).toBeUndefined();
  expect(values("ZCDN", "d.cloudfront.net", "CNAME")).toBeUndefined();
  expect(values("ZCDN", "d-1.test", "A")).toBeUndefined();
  expect(values("ZAPI", "d-2.test", "A")).toBeUndefined();
});
