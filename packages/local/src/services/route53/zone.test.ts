import { describe, expect, it } from "vitest";
import type { RecordSet, Zone } from "./record-set.ts";
import {
  alias,
  dnsName,
  failover,
  geo,
  latency,
  values,
  weighted,
  type zoneId,
  zoneWith,
} from "./testing/record-sets.ts";
import { applyChanges, type Change } from "./zone.ts";

const cloudFront = "Z2FDTNDATAQYW2";
const apply = (zone: Zone, ...changes: Change[]) =>
  applyChanges(zone, changes, (id, target) => id === cloudFront && target === "d1.cloudfront.net.");
const change = (action: Change["action"]) => (recordSet: RecordSet) => ({ action, recordSet });
const create = change("CREATE");
const upsert = change("UPSERT");
const remove = change("DELETE");

function setsAfter(zone: Zone, ...changes: Change[]): readonly RecordSet[] {
  const result = apply(zone, ...changes);
  if (!result.ok) throw new Error(result.error.messages.join());
  return result.value.recordSets.filter((set) => set.name !== zone.name);
}

const messages = (zone: Zone, ...changes: Change[]) => {
  const result = apply(zone, ...changes);
  return result.ok ? [] : result.error.messages;
};

describe("a batch that is taken", () => {
  it("creates, replaces and deletes", () => {
    const zone = zoneWith(values("a.shop.test", "192.0.2.1"), values("b.shop.test", "192.0.2.2"));
    expect(
      setsAfter(
        zone,
        create(values("c.shop.test", "192.0.2.3")),
        upsert(values("b.shop.test", "192.0.2.9")),
        remove(values("a.shop.test", "192.0.2.1")),
      ),
    ).toEqual([values("b.shop.test", "192.0.2.9"), values("c.shop.test", "192.0.2.3")]);
  });

  it("takes the place of a set by deletion and creation, a CNAME's too", () => {
    const zone = zoneWith(values("a.shop.test", "192.0.2.1"));
    const next = values("a.shop.test", "b.test", { type: "CNAME" });
    expect(setsAfter(zone, remove(values("a.shop.test", "192.0.2.1")), create(next))).toEqual([next]);
  });

  it("takes a deletion whose values come in another order", () => {
    const zone = zoneWith(values("a.shop.test", ["192.0.2.1", "192.0.2.2"]));
    expect(setsAfter(zone, remove(values("a.shop.test", ["192.0.2.2", "192.0.2.1"])))).toEqual([]);
  });

  it("makes an alias and its target together", () => {
    const target = values("api.shop.test", "192.0.2.1");
    expect(
      setsAfter(zoneWith(), create(alias("www.shop.test", "api.shop.test")), create(target)),
    ).toHaveLength(2);
  });

  it("turns a failover pair round in one go", () => {
    const pair = (primary: string, secondary: string) => [
      values("f.shop.test", primary, { routing: failover("PRIMARY"), check: "c1" }),
      values("f.shop.test", secondary, { routing: failover("SECONDARY"), check: "c2" }),
    ];
    const changed = setsAfter(
      zoneWith(...pair("192.0.2.1", "192.0.2.2")),
      ...pair("192.0.2.2", "192.0.2.1").map(upsert),
    );
    expect(changed).toEqual(pair("192.0.2.2", "192.0.2.1"));
  });

  it("lists its sets by reversed name, type and identifier", () => {
    const sets = [
      values("b.shop.test", "192.0.2.1", { routing: latency("us-east-1") }),
      values("b.shop.test", "192.0.2.2", { routing: latency("eu-west-1") }),
      values("a.b.shop.test", '"x"', { type: "TXT" }),
      values("a.b.shop.test", "192.0.2.3"),
      values("z.a.shop.test", "192.0.2.4"),
    ];
    expect(setsAfter(zoneWith(), ...sets.map(create))).toEqual([sets[4], sets[1], sets[0], sets[3], sets[2]]);
  });
});

describe("a batch that is refused", () => {
  const existing = values("a.shop.test", "192.0.2.1");
  const inRegion = (region: string, ip: string) => values("l.shop.test", ip, { routing: latency(region) });

  it.each<[string, Zone, Change, string]>([
    [
      "creates what is there",
      zoneWith(existing),
      create(values("a.shop.test", "192.0.2.2")),
      "Tried to create resource record set [name='a.shop.test.', type='A'] but it already exists",
    ],
    [
      "creates an identifier that is there",
      zoneWith(inRegion("eu-west-1", "192.0.2.1")),
      create(inRegion("eu-west-1", "192.0.2.2")),
      "Tried to create resource record set [name='l.shop.test.', type='A', set-identifier='eu-west-1'] but it already exists",
    ],
    [
      "deletes what is not there",
      zoneWith(),
      remove(existing),
      "Tried to delete resource record set [name='a.shop.test.', type='A'] but it was not found",
    ],
    [
      "deletes with another TTL",
      zoneWith(existing),
      remove(values("a.shop.test", "192.0.2.1", { ttlSeconds: 61 })),
      "Tried to delete resource record set [name='a.shop.test.', type='A'] but the values provided do not match the current values",
    ],
    [
      "puts a CNAME beside others",
      zoneWith(existing),
      create(values("a.shop.test", "b.test", { type: "CNAME" })),
      "RRSet of type CNAME with DNS name a.shop.test. is not permitted as it conflicts with other records with the same DNS name in zone shop.test.",
    ],
    [
      "puts others beside a CNAME",
      zoneWith(values("a.shop.test", "b.test", { type: "CNAME" })),
      create(existing),
      "RRSet of type A with DNS name a.shop.test. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone shop.test.",
    ],
    [
      "puts a CNAME at the top",
      zoneWith(),
      create(values("shop.test", "b.test", { type: "CNAME" })),
      "RRSet of type CNAME with DNS name shop.test. is not permitted at apex in zone shop.test.",
    ],
    [
      "gives a CNAME two values",
      zoneWith(),
      create(values("a.shop.test", ["b.test", "c.test"], { type: "CNAME" })),
      "CNAME RRSet with DNS name a.shop.test. must have exactly one value",
    ],
    [
      "reaches into another zone",
      zoneWith(),
      create(values("a.other.test", "192.0.2.1")),
      "RRSet with DNS name a.other.test. is not permitted in zone shop.test.",
    ],
    [
      "mixes latency into weights",
      zoneWith(values("l.shop.test", "192.0.2.1", { routing: weighted("w", 1) })),
      create(inRegion("eu-west-1", "192.0.2.2")),
      "RRSet with DNS name l.shop.test., type A, SetIdentifier eu-west-1 cannot be created as a non-latency set exists with the same name and type.",
    ],
    [
      "adds a simple set to others",
      zoneWith(inRegion("eu-west-1", "192.0.2.2")),
      create(values("l.shop.test", "192.0.2.1")),
      "RRSet with DNS name l.shop.test., type A cannot be created as other RRSets exist with the same name and type.",
    ],
    [
      "gives a region twice",
      zoneWith(inRegion("eu-west-1", "192.0.2.2")),
      create(
        values("l.shop.test", "192.0.2.1", {
          routing: { policy: "latency", setIdentifier: "again", region: "eu-west-1" },
        }),
      ),
      "RRSet with DNS name l.shop.test., type A, SetIdentifier again, and Region Name=eu-west-1 cannot be created because a latency RRSet with the same name, type and region already exists.",
    ],
    [
      "makes a second primary",
      zoneWith(values("f.shop.test", "192.0.2.1", { routing: failover("PRIMARY", "one"), check: "c" })),
      create(values("f.shop.test", "192.0.2.2", { routing: failover("PRIMARY", "two"), check: "c" })),
      "RRSet with DNS name f.shop.test., type A, SetIdentifier two, and Failover=PRIMARY cannot be created because a failover RRSet with the same name, type and failover role already exists.",
    ],
    [
      "makes a primary that nobody checks",
      zoneWith(),
      create(values("f.shop.test", "192.0.2.2", { routing: failover("PRIMARY") })),
      "A non-alias primary ResourceRecordSet must have an associated health check. No changes made.",
    ],
    [
      "gives a place twice",
      zoneWith(values("g.shop.test", "192.0.2.1", { routing: geo("*") })),
      create(
        values("g.shop.test", "192.0.2.2", {
          routing: { policy: "geolocation", setIdentifier: "again", location: { type: "default" } },
        }),
      ),
      "RRSet with DNS name g.shop.test., type A, SetIdentifier again, and GeoLocation=country * cannot be created because a geolocation RRSet with the same name, type and geolocation already exists.",
    ],
    [
      "gives weights different TTLs",
      zoneWith(values("w.shop.test", "192.0.2.1", { routing: weighted("a", 1) })),
      create(values("w.shop.test", "192.0.2.2", { routing: weighted("b", 1), ttlSeconds: 10 })),
      "RRSet with DNS name w.shop.test., type A, SetIdentifier b cannot be created as weighted sets must contain the same TTL.",
    ],
    [
      "makes an alias to nothing",
      zoneWith(),
      create(alias("a.shop.test", "gone.shop.test")),
      "Tried to create an alias that targets gone.shop.test., type A in zone Z1, but that target was not found",
    ],
    [
      "takes an address for a text",
      zoneWith(),
      create(values("a.shop.test", "300.1.1.1")),
      "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '300.1.1.1''",
    ],
  ])("%s", (_, zone, change, message) => {
    expect(messages(zone, change)).toEqual([message]);
  });

  it.each<[RecordSet["type"], string]>([
    ["AAAA", "192.0.2.1"],
    ["CNAME", "not a name"],
    ["NS", "-"],
    ["TXT", "without quotes"],
    ["TXT", `"${"x".repeat(256)}"`],
  ])("has no %s of %s", (type, value) => {
    expect(messages(zoneWith(), create(values("a.shop.test", value, { type })))).toEqual([
      expect.stringContaining(`encountered with '${value}'`),
    ]);
  });

  it("says everything that is wrong", () => {
    const twice = ["192.0.2.1", "192.0.2.1"];
    expect(
      messages(
        zoneWith(),
        create(values("a.shop.test", twice)),
        remove(existing),
        create(alias("b.shop.test", "c.test")),
      ),
    ).toEqual([
      "The request contains an invalid set of changes for a resource record set 'DELETE A a.shop.test.'",
    ]);
    expect(
      messages(zoneWith(), create(values("a.shop.test", twice)), create(alias("b.shop.test", "c.test"))),
    ).toEqual([
      "Duplicate Resource Record: '192.0.2.1, 192.0.2.1'",
      "Tried to create an alias that targets c.test., type A in zone Z1, but the alias target name does not lie within the target zone",
      "Tried to create an alias that targets c.test., type A in zone Z1, but that target was not found",
    ]);
  });

  it("says the same thing once", () => {
    const unchecked = ["f.shop.test", "g.shop.test"].map((name) =>
      create(values(name, "192.0.2.1", { routing: failover("PRIMARY") })),
    );
    expect(messages(zoneWith(), ...unchecked)).toHaveLength(1);
  });

  it("leaves the zone without a name server or an authority", () => {
    const zone = zoneWith();
    expect(messages(zone, ...zone.recordSets.map(remove))).toEqual([
      "A HostedZone must contain exactly one SOA record.",
      "A HostedZone must contain at least one NS record for the zone itself.",
    ]);
  });

  it("has more than a thousand changes", () => {
    const many = Array.from({ length: 1_001 }, (_, index) =>
      create(values(`n${index}.shop.test`, "192.0.2.1")),
    );
    expect(messages(zoneWith(), ...many)).toEqual(["Number of records limit of 1000 exceeded."]);
    expect(messages(zoneWith(), ...many.slice(1))).toEqual([]);
  });
});

it("an alias may target a name of AWS's own zones, if that one exists", () => {
  const toCloudFront = (target: string): RecordSet => ({
    ...values("www.shop.test", "-"),
    content: {
      type: "alias",
      zoneId: cloudFront as typeof zoneId,
      target: dnsName(target),
      evaluateTargetHealth: false,
    },
  });
  expect(messages(zoneWith(), create(toCloudFront("d1.cloudfront.net")))).toEqual([]);
  expect(messages(zoneWith(), create(toCloudFront("d2.cloudfront.net")))).toHaveLength(1);
});
