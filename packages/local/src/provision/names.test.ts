import { describe, expect, it } from "vitest";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { committedGraphs, worldRegions } from "../testing/start-world.ts";
import { planWorld } from "./plan.ts";

const secrets = { SessionKeys: "[]", PaymentKey: "sk", PaymentWebhookSecret: "whsec" };
const region = "eu-west-1";

/** The committed graphs with each resource of the European stage as the change leaves it; nothing removes it. */
function changed(change: (resource: GraphResource) => GraphResource | undefined): Graph[] {
  return committedGraphs().map((graph) =>
    graph.region === region
      ? { ...graph, resources: graph.resources.flatMap((resource) => change(resource) ?? []) }
      : graph,
  );
}

const without = (name: string) => changed((resource) => (resource.name === name ? undefined : resource));

const withInputs = (name: string, inputs: Record<string, unknown>) =>
  changed((resource) =>
    resource.name === name ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
  );

function refusal(graphs: Graph[]): string {
  try {
    planWorld(graphs, secrets);
    return "nothing was refused";
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    const { message } = error as Error;
    expect(message).not.toContain("\n");
    return message;
  }
}

describe("the names of the committed graphs", () => {
  const plan = planWorld(committedGraphs(), secrets);

  it("are one zone, with a record set of each stage's for the nearest region", () => {
    expect(plan.zones.map(({ name }) => name)).toEqual(["antipode.example."]);
    const nearest = plan.zones[0]?.recordSets.filter(({ name }) => name === "api-open.antipode.example.");
    expect(nearest).toHaveLength(worldRegions.length);
    const [own] = nearest?.filter(({ routing }) => "region" in routing && routing.region === region) ?? [];
    expect(own).toEqual({
      name: "api-open.antipode.example.",
      type: "CNAME",
      routing: { policy: "latency", setIdentifier: region, region },
      content: { type: "values", ttlSeconds: 10, values: [`${region}.antipode.example`] },
      healthCheckId: plan.healthChecks.find(({ name }) => name === `Open-${region}`)?.id,
    });
  });

  it("take every policy and every kind of alias", () => {
    const sets = plan.zones[0]?.recordSets ?? [];
    const policies = new Set(sets.map(({ routing }) => routing.policy));
    expect([...policies].sort()).toEqual(["failover", "geolocation", "latency", "simple", "weighted"]);
    const continents = sets.flatMap(({ routing }) => ("location" in routing ? [routing.location] : []));
    expect(continents).toContainEqual({ type: "continent", code: "EU" });
    expect(continents).toContainEqual({ type: "default" });
    expect(plan.aliasTargets.map(({ leadsTo }) => ("region" in leadsTo ? leadsTo.region : "CDN"))).toEqual([
      ...worldRegions,
      "CDN",
    ]);
  });

  it("keep the ids of health checks, those that add up others last", () => {
    expect(plan.healthChecks).toHaveLength(14 * worldRegions.length);
    for (const [index, { check }] of plan.healthChecks.entries()) {
      const earlier = plan.healthChecks.slice(0, index).map(({ id }) => id);
      if (check.type === "CALCULATED") expect(earlier).toEqual(expect.arrayContaining([...check.children]));
    }
    expect(plan.healthChecks.find(({ name }) => name === `Keeps-${region}-By-us-east-1`)).toEqual({
      id: "cb35d35b-439d-d772-9acc-dc8e201eebe6",
      name: `Keeps-${region}-By-us-east-1`,
      check: {
        type: "HTTPS",
        host: "us-east-1.antipode.example",
        port: 443,
        path: `/drain-votes/${region}`,
        failureThreshold: 3,
        requestIntervalSeconds: 10,
        inverted: true,
        disabled: false,
      },
    });
  });

  it("are not among what is deployed and not run", () => {
    const listed = plan.notRun.map(({ type }) => type);
    expect(listed.filter((type) => /route53|apigatewayv2/.test(type))).toEqual([]);
    expect(listed).toContain("aws:acm/certificate:Certificate");
  });

  it("may be missing, as on a personal stage", () => {
    const bare = committedGraphs().map((graph) => ({
      ...graph,
      lookups: [],
      resources: graph.resources.filter(({ type }) => !/route53|cloudfront/.test(type)),
    }));
    expect(planWorld(bare, secrets)).toMatchObject({ zones: [], healthChecks: [] });
  });
});

describe("names that Route 53 would refuse", () => {
  const openId = planWorld(committedGraphs(), secrets).healthChecks.find(
    ({ name }) => name === `Open-${region}`,
  )?.id;
  const refused = `Route 53 would refuse OpenRecord (aws:route53/record:Record) in ${region}: `;

  it.each<[string, () => Graph[], string]>([
    [
      "a record whose health check is missing",
      () => without(`Open-${region}`),
      `AltRecord-us-east-1 (aws:route53/record:Record) in ${region} refers to health check ${openId}, which no stage deploys`,
    ],
    [
      "a check whose child is missing",
      () => without(`Answers-${region}-1`),
      `Open-${region} (aws:route53/healthCheck:HealthCheck) in ${region} refers to health check`,
    ],
    [
      "a check that is its own child",
      () => withInputs(`Open-${region}`, { childHealthchecks: [openId] }),
      `Open-${region} in ${region} monitors Open-${region}, which is a calculated check too`,
    ],
    [
      "an alias to a custom domain that no stage deploys",
      () => without("ShopApiDomainName"),
      `Route 53 would refuse RegionRecord (aws:route53/record:Record) in ${region}: Tried to create an alias that targets d-4e302f0e87.execute-api.eu-west-1.amazonaws.com.`,
    ],
    [
      "an alias to a name of the zone that has no record",
      () => without("EuropeOnlyRecord"),
      `Route 53 would refuse EuropeRecord-eu-only (aws:route53/record:Record) in ${region}: Tried to create an alias that targets eu-only.antipode.example.`,
    ],
    [
      "two policies on one name",
      () =>
        withInputs("OpenRecord", {
          latencyRoutingPolicies: undefined,
          failoverRoutingPolicies: [{ type: "PRIMARY" }],
        }),
      refused,
    ],
    [
      "a record that another stage has too",
      () =>
        withInputs("OpenRecord", {
          setIdentifier: "us-east-1",
          latencyRoutingPolicies: [{ region: "us-east-1" }],
        }),
      "The request contains an invalid set of changes for a resource record set 'CREATE CNAME api-open.antipode.example.'",
    ],
    [
      "a record of a zone that nobody looked up",
      () => withInputs("OpenRecord", { zoneId: "Z404" }),
      `OpenRecord (aws:route53/record:Record) in ${region} refers to hosted zone Z404`,
    ],
    [
      "a custom domain that leads to no API",
      () => without("ShopApiDomainMapping"),
      `ShopApiDomainName in ${region} has no API mapping: nothing would answer`,
    ],
    [
      "a policy that is not known here",
      () => withInputs("OpenRecord", { multivalueAnswerRoutingPolicy: true }),
      "multivalueAnswerRoutingPolicy",
    ],
    [
      "a policy without a set identifier",
      () => withInputs("OpenRecord", { setIdentifier: undefined }),
      "a record has one policy and a set identifier, or neither",
    ],
    [
      "values without a ttl",
      () => withInputs("OpenRecord", { ttl: undefined }),
      "a record has either an alias, or values and a ttl",
    ],
    [
      "a name that is none",
      () => withInputs("OpenRecord", { name: "a b" }),
      `OpenRecord in ${region}: "a b" is no domain name`,
    ],
    [
      "a check of a kind that is not run",
      () => withInputs(`Answers-${region}-1`, { type: "TCP" }),
      "only HTTP, HTTPS and CALCULATED checks are run",
    ],
  ])("stop the world before it starts: %s", (_, graphs, message) => {
    expect(refusal(graphs())).toContain(message);
  });
});
