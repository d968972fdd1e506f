import { CreateHostedZoneCommand, GetChangeCommand, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { zoneId } from "./testing/record-sets.ts";
import { address, httpsCheck, type Route53Bench, startRoute53Bench } from "./testing/route53-bench.ts";

let bench: Route53Bench;

beforeEach(async () => {
  bench = await startRoute53Bench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

describe("record sets", () => {
  it("of every policy come back as they were put", async () => {
    const HealthCheckId = await bench.createCheck("c", httpsCheck("eu-west-1.shop.test"));
    const of = (
      Name: string,
      SetIdentifier: string,
      more: Partial<ResourceRecordSet>,
    ): ResourceRecordSet => ({
      ...address(`${Name}.shop.test.`, "192.0.2.1"),
      SetIdentifier,
      ...more,
    });
    const sets: ResourceRecordSet[] = [
      address("\\052.shop.test.", "192.0.2.1"),
      of("f", "one", { Failover: "PRIMARY", HealthCheckId }),
      of("f", "two", { Failover: "SECONDARY" }),
      of("g", "all", { GeoLocation: { CountryCode: "*" } }),
      of("g", "eu", { GeoLocation: { ContinentCode: "EU" } }),
      of("g", "ie", { GeoLocation: { CountryCode: "IE" } }),
      of("l", "eu-west-1", { Region: "eu-west-1" }),
      { Name: "t.shop.test.", Type: "TXT", TTL: 1, ResourceRecords: [{ Value: '"a & <b>"' }] },
      of("w", "zero", { Weight: 0 }),
      {
        Name: "www.shop.test.",
        Type: "A",
        AliasTarget: {
          HostedZoneId: "Z2FDTNDATAQYW2",
          DNSName: "d1.cloudfront.net.",
          EvaluateTargetHealth: false,
        },
      },
    ];
    await bench.change("CREATE", ...sets);
    const { ResourceRecordSets = [] } = await bench.list();
    expect(ResourceRecordSets.slice(2)).toEqual(sets);
    expect(ResourceRecordSets.slice(0, 2).map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
      "shop.test. NS",
      "shop.test. SOA",
    ]);
    await bench.time.advance(30_000);
    expect(
      bench.addressesOf("g.shop.test"),
      "the default is for those whose place is not known",
    ).toHaveLength(1);
    expect(bench.addressesOf("www.shop.test")).toEqual(["192.0.2.99"]);
    await bench.change("DELETE", ...sets);
    expect((await bench.list()).ResourceRecordSets).toHaveLength(2);
  });

  it("are served once their change is in sync, half a minute later, sooner as time is scaled", async () => {
    const info = await bench.change("CREATE", address("a.shop.test", "192.0.2.1"));
    expect(info).toMatchObject({ Status: "PENDING", SubmittedAt: new Date(bench.time.now()) });
    await bench.time.advance(29_999);
    expect(bench.addressesOf("a.shop.test")).toEqual([]);
    const status = async () =>
      (await bench.client.send(new GetChangeCommand({ Id: info.Id }))).ChangeInfo?.Status;
    expect(await status()).toBe("PENDING");
    await bench.time.advance(1);
    expect([await status(), bench.addressesOf("a.shop.test")]).toEqual(["INSYNC", ["192.0.2.1"]]);
  });

  it("are listed page by page, each once, from the set that is named on", async () => {
    const inRegion = (Region: "eu-west-1" | "us-east-1") => ({
      ...address("l.shop.test", "192.0.2.1"),
      Region,
      SetIdentifier: Region,
    });
    await bench.change(
      "CREATE",
      address("a.shop.test", "192.0.2.1"),
      inRegion("us-east-1"),
      inRegion("eu-west-1"),
    );
    const seen: string[] = [];
    let query: Parameters<typeof bench.list>[0] = {};
    for (;;) {
      const page = await bench.list({ ...query, MaxItems: 2 });
      seen.push(
        ...(page.ResourceRecordSets ?? []).map((set) => `${set.Name} ${set.Type} ${set.SetIdentifier ?? ""}`),
      );
      if (!page.IsTruncated) break;
      query = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
    expect(seen).toEqual([
      "shop.test. NS ",
      "shop.test. SOA ",
      "a.shop.test. A ",
      "l.shop.test. A eu-west-1",
      "l.shop.test. A us-east-1",
    ]);
    const typed = await bench.list({ StartRecordName: "shop.test", StartRecordType: "SOA" });
    expect(typed.ResourceRecordSets?.[0]?.Type).toBe("SOA");
    await expect(bench.list({ StartRecordType: "A" })).rejects.toMatchObject({ name: "InvalidInput" });
    await expect(bench.list({ MaxItems: 0 })).rejects.toMatchObject({ name: "InvalidInput" });
  });

  it("that are wrong are refused as a whole, with every reason", async () => {
    const alias = { HostedZoneId: zoneId, DNSName: "gone.shop.test", EvaluateTargetHealth: true };
    await expect(
      bench.change("CREATE", address("a.shop.test", "192.0.2.1"), address("b.shop.test", "no address"), {
        Name: "c.shop.test",
        Type: "A",
        AliasTarget: alias,
      }),
    ).rejects.toMatchObject({
      name: "InvalidChangeBatch",
      $metadata: { httpStatusCode: 400 },
      message:
        "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'no address'', " +
        "Tried to create an alias that targets gone.shop.test., type A in zone Z1, but that target was not found]",
    });
    expect((await bench.list()).ResourceRecordSets).toHaveLength(2);
  });

  it("of a check that nobody knows are refused", async () => {
    await expect(
      bench.change("CREATE", { ...address("a.shop.test", "192.0.2.1"), HealthCheckId: "gone" }),
    ).rejects.toMatchObject({
      name: "NoSuchHealthCheck",
      $metadata: { httpStatusCode: 404 },
    });
  });

  const where = (more = "null") =>
    `in Change with [Action=CREATE, Name=a.shop.test, Type=A, SetIdentifier=${more}]`;
  const content =
    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]";
  const policies =
    "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig]";
  const alias = { HostedZoneId: zoneId, DNSName: "b.shop.test", EvaluateTargetHealth: true };
  it.each<[string, Partial<ResourceRecordSet>, string]>([
    ["without a TTL", { TTL: undefined }, `${content}, but found none ${where()}`],
    ["without values", { ResourceRecords: undefined }, `${content}, but found none ${where()}`],
    ["with an alias too", { AliasTarget: alias }, `${content}, but found more than one ${where()}`],
    [
      "with an alias and a TTL",
      { AliasTarget: alias, ResourceRecords: undefined },
      `${content}, but found more than one ${where()}`,
    ],
    [
      "with a policy and no identifier",
      { Weight: 1 },
      `Invalid request: Missing field 'SetIdentifier' ${where()}`,
    ],
    ["with an identifier and no policy", { SetIdentifier: "x" }, `${policies}, but found none ${where("x")}`],
    [
      "with two policies",
      { SetIdentifier: "x", Weight: 1, Region: "eu-west-1" },
      `${policies}, but found more than one ${where("x")}`,
    ],
    [
      "with too much weight",
      { SetIdentifier: "x", Weight: 256 },
      "1 validation error detected: Value '256' at 'Weight' failed to satisfy constraint: Member must have value less than or equal to 255",
    ],
  ])("%s are no valid input", async (_, more, message) => {
    const set = { ...address("a.shop.test", "192.0.2.1"), ...more } as ResourceRecordSet;
    await expect(bench.change("CREATE", set)).rejects.toMatchObject({ name: "InvalidInput", message });
  });

  it("that are not built are refused by name", async () => {
    const multi = { ...address("a.shop.test", "192.0.2.1"), SetIdentifier: "x", MultiValueAnswer: true };
    await expect(bench.change("CREATE", multi)).rejects.toThrow("does not implement MultiValueAnswer");
    await expect(bench.change("CREATE", { ...address("a.shop.test", "1"), Type: "MX" })).rejects.toThrow(
      "sets of type MX",
    );
    const oregon = { CountryCode: "US", SubdivisionCode: "OR" };
    await expect(
      bench.change("CREATE", {
        ...address("a.shop.test", "192.0.2.1"),
        SetIdentifier: "x",
        GeoLocation: oregon,
      }),
    ).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
    await expect(
      bench.client.send(new CreateHostedZoneCommand({ Name: "a.test", CallerReference: "x" })),
    ).rejects.toThrow("does not implement POST /2013-04-01/hostedzone");
  });
});
