/** Names and health checks, as the committed graphs have them: who leads where, and what closes a region. */
import { describe, expect, it } from "vitest";
import { regions } from "../packages/core/src/region/regions.ts";
import { defaultVoteSettings } from "../packages/core/src/votes/settings.ts";
import { apiWeights } from "../packages/functions/src/testing/failover-world/names.ts";
import type { GraphResource } from "../packages/infra-graph/src/index.ts";
import { graphOf, input, inRegion, ofType, regionNames } from "./testing/graphs.ts";

const domain = "antipode.example";
const checksIn = (region: string) => ofType(inRegion(region), "aws:route53/healthCheck:HealthCheck");
const recordsIn = (region: string) =>
  ofType(inRegion(region), "aws:route53/record:Record").filter(({ name }) => !name.includes("Validation"));
const allRecords = regionNames.flatMap((region) => recordsIn(region).map((record) => ({ region, record })));
const named = (label: string) =>
  allRecords.filter(({ record }) => input(record, "name") === `${label}.${domain}`);
const check = (region: string, name: string) => {
  const found = checksIn(region).find((resource) => resource.name === name);
  if (!found) throw new Error(`no health check ${name}`);
  return found;
};
const idOf = ({ outputs, id }: GraphResource & { id?: unknown }) => outputs?.["id"] ?? id;
/** The checks of one of a region's own answers: as many as there are votes. */
const own = (region: string, name: string) => [1, 2, 3].map((at) => check(region, `${name}-${region}-${at}`));
const childrenOf = (sum: GraphResource) => [...(input(sum, "childHealthchecks") as string[])].sort();
const openId = (region: string) => idOf(check(region, `Open-${region}`));
const wholeId = (region: string) => idOf(check(region, `Whole-${region}`));

const policies = [
  "latencyRoutingPolicies",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "weightedRoutingPolicies",
] as const;
const policyOf = (record: GraphResource) =>
  policies.find((policy) => input(record, policy) !== undefined) ?? "simple";

describe.each(regionNames)("the health checks of %s", (region) => {
  const others = regionNames.filter((name) => name !== region);

  it("ask the region for /health by its name, every ten seconds, and give it three failures", () => {
    for (const one of own(region, "Answers")) {
      expect(one.inputs).toMatchObject({
        type: "HTTPS",
        fqdn: `${region}.${domain}`,
        port: 443,
        enableSni: true,
        resourcePath: "/health",
        requestInterval: 10,
        failureThreshold: 3,
      });
    }
  });

  it("ask every other region whether it votes, and take silence for none", () => {
    for (const other of others) {
      expect(check(region, `Keeps-${region}-By-${other}`).inputs).toMatchObject({
        type: "HTTPS",
        fqdn: `${other}.${domain}`,
        resourcePath: `/drain-votes/${region}`,
        invertHealthcheck: true,
      });
    }
  });

  it("close the region when it does not answer, or when all others vote", () => {
    const keeps = others.map((other) => check(region, `Keeps-${region}-By-${other}`));
    const answers = own(region, "Answers");
    const open = check(region, `Open-${region}`);
    expect(childrenOf(open)).toEqual([...answers, ...keeps].map(idOf).sort());
    const isOpen = (answering: number, keeping: number) =>
      answering * answers.length + keeping >= Number(input(open, "childHealthThreshold"));
    for (const keeping of [0, 1, 2, 3]) {
      expect(isOpen(1, keeping), `${keeping} do not vote`).toBe(keeping > 0);
      expect(isOpen(0, keeping), `it is silent, and ${keeping} do not vote`).toBe(false);
    }
  });

  // "You can't configure a calculated health check to monitor the health of other calculated health checks."
  // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
  it("add up no check that adds up others, and no check twice", () => {
    const byId = new Map(
      regionNames.flatMap((name) => checksIn(name).map((one) => [idOf(one), one] as const)),
    );
    const sums = checksIn(region).filter((one) => input(one, "type") === "CALCULATED");
    expect(sums.map(({ name }) => name).sort()).toEqual([`Open-${region}`, `Whole-${region}`]);
    for (const sum of sums) {
      const children = childrenOf(sum);
      expect(new Set(children).size).toBe(children.length);
      for (const id of children) expect(byId.get(id)?.inputs).toMatchObject({ type: "HTTPS" });
    }
  });
});

describe.each(regionNames)("all that are near are led to %s", (region) => {
  it("while it is open, and has said for two minutes that all may come", () => {
    const whole = check(region, `Whole-${region}`);
    const parts = ["Answers", "Ramped", "LongRamped"].map((part) => own(region, part));
    const keeps = regionNames
      .filter((other) => other !== region)
      .map((other) => check(region, `Keeps-${region}-By-${other}`));
    expect(childrenOf(whole)).toEqual([...parts.flat(), ...keeps].map(idOf).sort());
    const needed = Number(input(whole, "childHealthThreshold"));
    expect(parts.flat().length + 1).toBe(needed); // all of its own, and one that does not vote
    for (const missing of parts) {
      expect(parts.flat().length - missing.length + keeps.length, "one of them is not so").toBeLessThan(
        needed,
      );
    }
    const asked = { type: "HTTPS", fqdn: `${region}.${domain}`, resourcePath: "/ramped" };
    for (const [name, pace] of [
      ["Ramped", { requestInterval: 10, failureThreshold: 3 }],
      ["LongRamped", { requestInterval: 30, failureThreshold: 5 }],
    ] as const) {
      for (const found of own(region, name)) {
        expect(found.inputs).toMatchObject({ ...asked, ...pace });
        expect(input(found, "invertHealthcheck")).toBeUndefined();
      }
    }
  });

  it("by checks that leave time for its prober to notice a silence, and to take it for one", () => {
    const { requestInterval, failureThreshold } = check(region, `LongRamped-${region}-1`).inputs as {
      requestInterval: number;
      failureThreshold: number;
    };
    const noticedWithinMs = 60_000 + 2 * defaultVoteSettings.probeEveryMs; // a schedule's minute, and a round
    const goodForMs = (failureThreshold - 1) * requestInterval * 1_000;
    expect(goodForMs).toBeGreaterThan(noticedWithinMs);
    // who was silent for so long is unhealthy by then: nobody is led to a region whole that is cut back to a share later
    const badWithinMs = failureThreshold * requestInterval * 1_000;
    expect(defaultVoteSettings.gapMaxMs).toBeGreaterThan(badWithinMs + noticedWithinMs);
  });
});

describe("the names", () => {
  it("have one policy each, and each of a name's records its own identifier", () => {
    const byName = Map.groupBy(
      allRecords,
      ({ record }) => `${input(record, "name")} ${input(record, "type")}`,
    );
    for (const [name, records] of byName) {
      expect(new Set(records.map(({ record }) => policyOf(record))).size, name).toBe(1);
      const identifiers = records.map(({ record }) => input(record, "setIdentifier"));
      expect(new Set(identifiers).size, name).toBe(records.length);
    }
  });

  it("lead to regions through records with the region's own check, for ten seconds", () => {
    for (const { region, record } of allRecords) {
      if (
        ["latencyRoutingPolicies", "failoverRoutingPolicies"].includes(policyOf(record)) &&
        !input(record, "aliases")
      ) {
        expect(record.inputs, record.name).toMatchObject({
          type: "CNAME",
          ttl: 10,
          records: [`${region}.${domain}`],
          healthCheckId: record.name === "WholeRecord" ? wholeId(region) : openId(region),
        });
      }
    }
  });

  it("api: of one answer in four the nearest region that is open, of the others the nearest that is whole", () => {
    const api = named("api").map(({ region, record }) => [
      region,
      input(record, "weightedRoutingPolicies"),
      input(record, "aliases"),
    ]);
    const alias = (label: string) => [
      expect.objectContaining({ name: `${label}.${domain}`, evaluateTargetHealth: true }),
    ];
    expect(api).toEqual([
      ["us-east-1", [{ weight: apiWeights.open }], alias("api-open")],
      ["us-east-1", [{ weight: apiWeights.whole }], alias("api-whole")],
    ]);
  });

  it.each(["api-open", "api-whole"])("%s: the nearest region", (label) => {
    expect(
      named(label).map(({ region, record }) => [region, input(record, "latencyRoutingPolicies")]),
    ).toEqual(regionNames.map((region) => [region, [{ region }]]));
  });

  it("alt: of the nearest region the partner, so never the same region as api", () => {
    const alt = named("alt").map(({ record }) => [
      input(record, "latencyRoutingPolicies"),
      input(record, "records"),
    ]);
    const wanted = regions.map(({ name, partner }) => [[{ region: name }], [`${partner}.${domain}`]]);
    expect(alt.sort()).toEqual(wanted.sort());
  });

  it("failover: the home region, and its partner", () => {
    expect(
      named("failover").map(({ region, record }) => [region, input(record, "failoverRoutingPolicies")]),
    ).toEqual([
      ["us-east-1", [{ type: "PRIMARY" }]],
      ["eu-west-1", [{ type: "SECONDARY" }]],
    ]);
  });

  it("geo: Europe to eu, everybody else to api, also those whose place is not known", () => {
    const geo = named("geo").map(({ record }) => [
      input(record, "geolocationRoutingPolicies"),
      input(record, "records"),
    ]);
    expect(geo).toEqual([
      [[{ continent: "AS" }], [`api.${domain}`]],
      [[{ continent: "EU" }], [`eu.${domain}`]],
      [[{ continent: "NA" }], [`api.${domain}`]],
      [[{ country: "*" }], [`api.${domain}`]],
    ]);
  });

  it("eu: regions in Europe, and others while none of those is open", () => {
    expect(named("eu-only").map(({ region }) => region)).toEqual(["eu-west-1"]);
    const aliases = named("eu").map(({ record }) => [
      input(record, "failoverRoutingPolicies"),
      (input(record, "aliases") as { name: string; evaluateTargetHealth: boolean }[])[0],
    ]);
    expect(aliases).toMatchObject([
      [[{ type: "SECONDARY" }], { name: `api.${domain}`, evaluateTargetHealth: true }],
      [[{ type: "PRIMARY" }], { name: `eu-only.${domain}`, evaluateTargetHealth: true }],
    ]);
  });

  it.each(regionNames)("%s: the region itself, whatever its health", (region) => {
    const [entry, ...more] = named(region);
    expect(more).toEqual([]);
    expect(entry?.region).toBe(region);
    expect(policyOf(entry?.record as GraphResource)).toBe("simple");
    expect(entry?.record.inputs).toMatchObject({ type: "A", aliases: [{ evaluateTargetHealth: false }] });
    const [gateway] = ofType(inRegion(region), "aws:apigatewayv2/domainName:DomainName");
    const [{ name: leadsTo }] = input(entry?.record as GraphResource, "aliases") as [{ name: string }];
    expect(leadsTo).toBeTruthy();
    expect(gateway?.outputs?.["domainNameConfiguration"]).toMatchObject({ targetDomainName: leadsTo });
  });

  it("are none on a personal stage, nor are checks", () => {
    const personal = graphOf("alice");
    expect(ofType(personal, "aws:route53/record:Record")).toEqual([]);
    expect(ofType(personal, "aws:route53/healthCheck:HealthCheck")).toEqual([]);
  });
});
