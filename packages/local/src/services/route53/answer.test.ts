import { describe, expect, it } from "vitest";
import { answerQuestion, type Question } from "./answer.ts";
import type { ClientLocation } from "./client.ts";
import type { HostedZoneId, RecordSet, Zone } from "./record-set.ts";
import {
  alias,
  checkId,
  dnsName,
  failover,
  geo,
  latency,
  values,
  weighted,
  zoneWith,
} from "./testing/record-sets.ts";
import { emptyZone } from "./zone.ts";

const dublin: ClientLocation = {
  continent: "EU",
  country: "IE",
  latencyMsByRegion: { "us-east-1": 70, "eu-west-1": 5, "ap-south-1": 120 },
};

interface Asked extends Partial<Omit<Question, "name">> {
  readonly sick?: readonly string[];
  readonly zones?: readonly Zone[];
}

function ask(sets: readonly RecordSet[], name: string, { sick = [], zones = [], ...question }: Asked = {}) {
  const answer = answerQuestion(
    {
      zones: [zoneWith(...sets), ...zones],
      isCheckHealthy: (id) => !sick.includes(id),
      foreignValues: ({ target }, type) =>
        target === "d1.cloudfront.net." && type === "A"
          ? { type: "values", ttlSeconds: 60, values: ["203.0.113.1"] }
          : undefined,
    },
    { type: "A", client: dublin, chance: 0, ...question, name: dnsName(name) },
  );
  return { ...answer, values: answer.records.map(({ value }) => value) };
}

describe("what there is to find", () => {
  const sets = [
    values("a.shop.test", ["192.0.2.1", "192.0.2.2"], { ttlSeconds: 10 }),
    values("deep.er.shop.test", "192.0.2.3"),
    values("*.er.shop.test", "192.0.2.4"),
    values("*.shop.test", "192.0.2.9"),
  ];

  it("is all values of a set with their TTL", () => {
    expect(ask(sets, "a.shop.test")).toMatchObject({
      status: "found",
      records: [
        { name: "a.shop.test.", type: "A", ttlSeconds: 10, value: "192.0.2.1" },
        { name: "a.shop.test.", type: "A", ttlSeconds: 10, value: "192.0.2.2" },
      ],
      dependsOnClient: false,
    });
  });

  it("is no data when the name has other types, or only names below it", () => {
    expect(ask(sets, "a.shop.test", { type: "AAAA" })).toMatchObject({
      status: "no-data",
      zone: { name: "shop.test." },
    });
    expect(ask(sets, "a.shop.test", { type: "other" }).status).toBe("no-data");
    expect(ask(sets, "er.shop.test").status).toBe("no-data");
  });

  it("is a wildcard's set under the asked name, where no closer name exists", () => {
    expect(ask(sets, "x.y.er.shop.test")).toMatchObject({
      records: [{ name: "x.y.er.shop.test.", value: "192.0.2.4" }],
    });
    expect(ask(sets, "x.shop.test").values).toEqual(["192.0.2.9"]);
    expect(ask(sets, "x.a.shop.test").status).toBe("no-such-name");
  });

  it("is no such name otherwise, and nothing outside the zones", () => {
    expect(ask([], "x.shop.test").status).toBe("no-such-name");
    expect(ask([], "shop.example").status).toBe("not-our-zone");
  });

  it("comes from the zone with the longest name", () => {
    const inner = emptyZone("Z2" as HostedZoneId, dnsName("er.shop.test"), "ns.test.");
    expect(ask(sets, "deep.er.shop.test", { zones: [inner] })).toMatchObject({
      status: "no-such-name",
      zone: { id: "Z2" },
    });
  });
});

describe("chains", () => {
  it("of CNAMEs are followed as far as the zones here reach", () => {
    const cname = (name: string, target: string) => values(name, target, { type: "CNAME" });
    const other = { ...emptyZone("Z2" as HostedZoneId, dnsName("gateway.test"), "ns.test.") };
    const gateway = { ...other, recordSets: [...other.recordSets, values("g.gateway.test", "192.0.2.7")] };
    const sets = [cname("a.shop.test", "b.shop.test"), cname("b.shop.test", "g.gateway.test")];
    expect(ask(sets, "a.shop.test", { zones: [gateway] }).values).toEqual([
      "b.shop.test",
      "g.gateway.test",
      "192.0.2.7",
    ]);
    expect(ask(sets, "a.shop.test")).toMatchObject({
      status: "found",
      values: ["b.shop.test", "g.gateway.test"],
    });
    expect(ask(sets, "a.shop.test", { type: "CNAME" }).values).toEqual(["b.shop.test"]);
    expect(ask([cname("a.shop.test", "gone.shop.test")], "a.shop.test")).toMatchObject({
      status: "no-such-name",
      values: ["gone.shop.test"],
    });
  });

  it("of aliases answer under the asked name with the last one's values and TTL", () => {
    const sets = [
      alias("a.shop.test", "b.shop.test"),
      alias("b.shop.test", "c.shop.test"),
      values("c.shop.test", "192.0.2.1", { ttlSeconds: 7 }),
    ];
    expect(ask(sets, "a.shop.test").records).toEqual([
      { name: "a.shop.test.", type: "A", ttlSeconds: 7, value: "192.0.2.1" },
    ]);
  });

  it("in a circle are broken", () => {
    expect(
      ask([alias("a.shop.test", "b.shop.test"), alias("b.shop.test", "a.shop.test")], "a.shop.test").status,
    ).toBe("broken");
    expect(ask([values("a.shop.test", "a.shop.test", { type: "CNAME" })], "a.shop.test")).toMatchObject({
      status: "broken",
      records: [],
    });
  });

  it("end at names of AWS's zones, or at nothing", () => {
    const to = (target: string): RecordSet => ({
      ...values("a.shop.test", "-"),
      content: {
        type: "alias",
        zoneId: "Z2" as HostedZoneId,
        target: dnsName(target),
        evaluateTargetHealth: true,
      },
    });
    expect(ask([to("d1.cloudfront.net")], "a.shop.test").values).toEqual(["203.0.113.1"]);
    expect(ask([to("d2.cloudfront.net")], "a.shop.test").status).toBe("no-data");
    expect(ask([alias("a.shop.test", "gone.shop.test")], "a.shop.test").status).toBe("no-data");
  });
});

describe("latency", () => {
  const sets = [
    values("api.shop.test", "1.1.1.1", { routing: latency("us-east-1"), check: "us" }),
    values("api.shop.test", "2.2.2.2", { routing: latency("eu-west-1"), check: "eu" }),
    values("api.shop.test", "3.3.3.3", { routing: latency("ap-east-1"), check: "ap" }),
  ];

  it.each<[string[], string]>([
    [[], "2.2.2.2"],
    [["eu"], "1.1.1.1"],
    [["eu", "us"], "3.3.3.3"], // at a distance nobody knows, so last
    [["eu", "us", "ap"], "2.2.2.2"], // all sick is as all healthy
  ])("without %j answers %s", (sick, value) => {
    expect(ask(sets, "api.shop.test", { sick })).toMatchObject({ values: [value], dependsOnClient: true });
  });
});

describe("failover", () => {
  const sets = [
    values("f.shop.test", "1.1.1.1", { routing: failover("PRIMARY"), check: "one" }),
    values("f.shop.test", "2.2.2.2", { routing: failover("SECONDARY"), check: "two" }),
  ];

  it.each<[string[], string]>([
    [[], "1.1.1.1"],
    [["two"], "1.1.1.1"],
    [["one"], "2.2.2.2"],
    [["one", "two"], "1.1.1.1"],
  ])("without %j answers %s, whoever asks", (sick, value) => {
    expect(ask(sets, "f.shop.test", { sick })).toMatchObject({ values: [value], dependsOnClient: false });
  });
});

describe("geolocation", () => {
  const sets = [
    values("g.shop.test", "1.1.1.1", {
      routing: { policy: "geolocation", setIdentifier: "ie", location: { type: "country", code: "IE" } },
      check: "ie",
    }),
    values("g.shop.test", "2.2.2.2", { routing: geo("EU"), check: "eu" }),
    values("g.shop.test", "3.3.3.3", { routing: geo("*"), check: "all" }),
    values("g.shop.test", "4.4.4.4", { routing: geo("AS"), check: "as" }),
  ];
  const paris = { ...dublin, country: "FR" };
  const lima = { continent: "SA", country: "PE", latencyMsByRegion: {} };

  it.each<[ClientLocation, string[], string]>([
    [dublin, [], "1.1.1.1"],
    [dublin, ["ie"], "2.2.2.2"],
    [dublin, ["ie", "eu"], "3.3.3.3"],
    [dublin, ["ie", "eu", "all"], "1.1.1.1"], // never another continent's
    [paris, [], "2.2.2.2"],
    [lima, [], "3.3.3.3"],
    [{ latencyMsByRegion: {} }, [], "3.3.3.3"],
  ])("of %j without %j answers %s", (client, sick, value) => {
    expect(ask(sets, "g.shop.test", { client, sick }).values).toEqual([value]);
  });

  it("without a default has no data for the rest of the world", () => {
    expect(ask(sets.slice(0, 2), "g.shop.test", { client: lima })).toMatchObject({
      status: "no-data",
      dependsOnClient: true,
    });
  });
});

describe("weights", () => {
  const sets = [
    values("w.shop.test", "1.1.1.1", { routing: weighted("a", 1), check: "a" }),
    values("w.shop.test", "2.2.2.2", { routing: weighted("b", 3), check: "b" }),
    values("w.shop.test", "3.3.3.3", { routing: weighted("c", 0), check: "c" }),
  ];
  const shares = (of: readonly RecordSet[], sick: string[] = []) =>
    [0, 0.24, 0.26, 0.5, 0.99]
      .map((chance) => ask(of, "w.shop.test", { chance, sick }).values[0]?.[0])
      .join("");

  it("share the answers", () => {
    expect(shares(sets)).toBe("11222");
    expect(shares(sets, ["b"])).toBe("11111");
  });

  it("of 0 answer only when the others are sick, and alike when all are 0", () => {
    expect(shares(sets, ["a", "b"])).toBe("33333");
    expect(shares(sets, ["a", "b", "c"])).toBe("11222");
    const none = sets.map((set) => ({ ...set, routing: weighted(set.healthCheckId ?? "", 0) }));
    expect(shares(none)).toBe("11123");
  });
});

describe("the health of an alias", () => {
  const regional = (check: string, region: string, value: string) => [
    values(`${region}.shop.test`, value, { check }),
    alias("api.shop.test", `${region}.shop.test`, { routing: latency(region) }),
  ];
  const sets = [...regional("us", "us-east-1", "1.1.1.1"), ...regional("eu", "eu-west-1", "2.2.2.2")];

  it("is that of its target, however deep", () => {
    expect(ask(sets, "api.shop.test").values).toEqual(["2.2.2.2"]);
    expect(ask(sets, "api.shop.test", { sick: ["eu"] }).values).toEqual(["1.1.1.1"]);
    const deeper = [
      ...sets,
      alias("f.shop.test", "api.shop.test", { routing: failover("PRIMARY") }),
      values("f.shop.test", "9.9.9.9", { routing: failover("SECONDARY") }),
    ];
    expect(ask(deeper, "f.shop.test", { sick: ["eu"] })).toMatchObject({
      values: ["1.1.1.1"],
      dependsOnClient: true,
    });
    expect(ask(deeper, "f.shop.test", { sick: ["eu", "us"] }).values).toEqual(["9.9.9.9"]);
  });

  it("is its own check's as well", () => {
    const checked = sets.map((set) =>
      set.content.type === "alias" && set.content.target === "eu-west-1.shop.test."
        ? { ...set, healthCheckId: checkId("own") }
        : set,
    );
    expect(ask(checked, "api.shop.test", { sick: ["own"] }).values).toEqual(["1.1.1.1"]);
  });

  it("is good when its target is in a zone of AWS, which nobody checks", () => {
    const foreign: RecordSet = {
      ...alias("api.shop.test", "shop.test", { routing: latency("eu-west-1") }),
      content: {
        type: "alias",
        zoneId: "Z2" as HostedZoneId,
        target: dnsName("d1.cloudfront.net"),
        evaluateTargetHealth: true,
      },
    };
    const far = values("api.shop.test", "1.1.1.1", { routing: latency("us-east-1") });
    expect(ask([far, foreign], "api.shop.test").values).toEqual(["203.0.113.1"]);
  });

  it("is good when it does not look at its target", () => {
    const blind = sets.map((set) =>
      set.content.type === "alias"
        ? { ...set, content: { ...set.content, evaluateTargetHealth: false } }
        : set,
    );
    expect(ask(blind, "api.shop.test", { sick: ["eu"] }).values).toEqual(["2.2.2.2"]);
  });
});
