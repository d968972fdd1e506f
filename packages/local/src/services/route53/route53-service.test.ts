import {
  GetChangeCommand,
  GetHealthCheckCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Statement } from "../iam/statement.ts";
import type { HostedZoneId, Routing } from "./record-set.ts";
import { dnsName, values, zoneId } from "./testing/record-sets.ts";
import { address, type Route53Bench, startRoute53Bench } from "./testing/route53-bench.ts";

let bench: Route53Bench;

beforeEach(async () => {
  bench = await startRoute53Bench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

describe("zones", () => {
  it("are found by name and by id", async () => {
    for (const [id, name] of [
      ["Z3", "b.test"],
      ["Z2", "b.test"],
      ["Z4", "a.test"],
    ] as const) {
      bench.route53.zones.create(id as HostedZoneId, dnsName(name), []);
    }
    const page = await bench.client.send(
      new ListHostedZonesByNameCommand({ DNSName: "b.test", MaxItems: 2 }),
    );
    expect(page.HostedZones?.map(({ Id, Name }) => [Id, Name])).toEqual([
      ["/hostedzone/Z2", "b.test."],
      ["/hostedzone/Z3", "b.test."],
    ]);
    expect(page).toMatchObject({ IsTruncated: true, NextDNSName: "shop.test.", NextHostedZoneId: zoneId });
    const rest = await bench.client.send(
      new ListHostedZonesByNameCommand({ DNSName: "b.test", HostedZoneId: "Z3" }),
    );
    expect(rest.HostedZones?.map(({ Id }) => Id)).toEqual(["/hostedzone/Z3", `/hostedzone/${zoneId}`]);
    const zone = await bench.client.send(new GetHostedZoneCommand({ Id: zoneId }));
    expect(zone).toMatchObject({
      HostedZone: { Id: `/hostedzone/${zoneId}`, Name: "shop.test.", ResourceRecordSetCount: 2 },
      DelegationSet: { NameServers: ["ns-1.awsdns-local.test"] },
    });
  });

  it("changes and checks that do not exist are said to be missing", async () => {
    const missing = { $metadata: { httpStatusCode: 404 } };
    await expect(bench.client.send(new GetHostedZoneCommand({ Id: "Z9" }))).rejects.toMatchObject({
      name: "NoSuchHostedZone",
      message: "No hosted zone found with ID: Z9",
      ...missing,
    });
    await expect(bench.client.send(new GetChangeCommand({ Id: "C9" }))).rejects.toMatchObject({
      name: "NoSuchChange",
      ...missing,
    });
    await expect(bench.client.send(new GetHealthCheckCommand({ HealthCheckId: "h9" }))).rejects.toMatchObject(
      {
        name: "NoSuchHealthCheck",
        ...missing,
      },
    );
  });

  it("are made with their sets at once, or not at all", () => {
    const inRegion = (region: string, setIdentifier = region) => {
      const routing: Routing = { policy: "latency", setIdentifier, region };
      return values("api.other.test", "192.0.2.1", { routing });
    };
    const made = bench.route53.zones.create("Z5" as HostedZoneId, dnsName("other.test"), [
      inRegion("eu-west-1"),
    ]);
    expect(made.ok).toBe(true);
    expect(bench.addressesOf("api.other.test")).toEqual(["192.0.2.1"]);
    const twice = [inRegion("eu-west-1"), inRegion("eu-west-1", "again")];
    expect(bench.route53.zones.create("Z6" as HostedZoneId, dnsName("third.test"), twice)).toMatchObject({
      ok: false,
      error: { type: "invalid-change-batch" },
    });
  });
});

describe("the wire", () => {
  const raw = (path: string, body: string) =>
    fetch(bench.url + path, {
      method: "POST",
      body,
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/route53/aws4_request, Signature=0",
      },
    });

  it.each(["", "nonsense", "<Other/>"])("carries no request in %j", async (body) => {
    const answer = await raw(`/2013-04-01/hostedzone/${zoneId}/rrset`, body);
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringMatching(
        /^<\?xml version="1.0" encoding="UTF-8"\?>\n<ErrorResponse xmlns="https:\/\/route53.amazonaws.com\/doc\/2013-04-01\/"><Error><Type>Sender<\/Type><Code>InvalidInput<\/Code><Message>[^<]*<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
      ),
    ]);
  });

  it("asks for rights on the zone, with the names, types and actions of the changes", async () => {
    const allow = (name: string): Statement => ({
      effect: "Allow",
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [`arn:aws:route53:::hostedzone/${zoneId}`],
      conditions: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
          "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
          "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
        },
      },
    });
    bench.statements = [allow("\\052.shop.test")];
    await bench.change("UPSERT", address("*.shop.test", "192.0.2.1"));
    await expect(bench.change("CREATE", address("*.shop.test", "192.0.2.1"))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(bench.change("UPSERT", address("a.shop.test", "192.0.2.1"))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(bench.list()).rejects.toThrow(
      `route53:ListResourceRecordSets on resource: arn:aws:route53:::hostedzone/${zoneId}`,
    );
  });
});
