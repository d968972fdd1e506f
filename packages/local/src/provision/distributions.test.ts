import { describe, expect, it } from "vitest";
import { GraphError } from "../graph/load.ts";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { committedGraphs } from "../testing/start-world.ts";
import { planWorld } from "./plan.ts";

const secrets = { SessionKeys: "[]", PaymentKey: "sk", PaymentWebhookSecret: "whsec" };
const home = "us-east-1";

type Inputs = Record<string, unknown>;

/** The committed graphs with the inputs of one resource of the home stage changed. */
function changed(name: string, change: (inputs: Inputs) => Inputs): Graph[] {
  return committedGraphs().map((graph) => ({
    ...graph,
    resources: graph.resources.map((resource: GraphResource) =>
      graph.region === home && resource.name === name
        ? { ...resource, inputs: { ...resource.inputs, ...change(resource.inputs) } }
        : resource,
    ),
  }));
}

function refusal(graphs: Graph[]): string {
  try {
    planWorld(graphs, secrets);
    return "nothing was refused";
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError);
    return (error as Error).message;
  }
}

describe("the CDN of the committed graphs", () => {
  const plan = planWorld(committedGraphs(), secrets);
  const [edge, ...others] = plan.distributions;

  it("is one, with the shop's names, reads of the catalog from two origins and all else from one", () => {
    expect(others).toEqual([]);
    expect(edge).toMatchObject({
      domainName: expect.stringMatching(/\.cloudfront\.net$/),
      tags: { "antipode:environment": "prod" },
      config: {
        aliases: ["antipode.example", "www.antipode.example"],
        originGroups: [
          { id: "catalog", members: ["api-read", "alt-read"], statusCodes: [500, 502, 503, 504] },
        ],
        cacheBehaviors: [{ pathPattern: "/v1/products" }, { pathPattern: "/v1/products/*" }],
      },
    });
    const origins = edge?.config.origins.map(
      ({ domainName, connectionAttempts, connectionTimeoutSeconds, readTimeoutSeconds }) =>
        `${domainName} ${connectionAttempts} ${connectionTimeoutSeconds} ${readTimeoutSeconds}`,
    );
    expect(origins).toEqual([
      "api.antipode.example 1 4 30",
      "api.antipode.example 1 2 4",
      "alt.antipode.example 1 2 4",
    ]);
  });

  it("keeps the catalog by what a client has seen, and adds headers to every answer", () => {
    expect(plan.edgePolicies.cache).toMatchObject([
      {
        maxTtlSeconds: 305,
        headers: ["consistency-token", "prefer", "origin"],
        queryStrings: { behavior: "all" },
      },
    ]);
    expect(
      plan.edgePolicies.responseHeaders[0]?.securityHeaders.map(({ name, value }) => `${name}: ${value}`),
    ).toEqual([
      "strict-transport-security: max-age=31536000; includeSubDomains",
      "x-content-type-options: nosniff",
      "x-frame-options: DENY",
      "referrer-policy: no-referrer",
    ]);
  });

  it("passes preflights of the catalog on, and keeps no error", () => {
    expect(plan.edgePolicies.originRequest).toMatchObject([
      { forwards: ["access-control-request-headers", "access-control-request-method"] },
    ]);
    expect(edge?.config.cacheBehaviors.map(({ originRequestPolicyId }) => originRequestPolicyId)).toEqual(
      edge?.config.cacheBehaviors.map(() => plan.edgePolicies.originRequest[0]?.id),
    );
    const kept = edge?.config.errorCaching.map(
      ({ errorCode, minTtlSeconds }) => `${errorCode} ${minTtlSeconds}`,
    );
    expect(kept).toEqual(["404 0", "405 0", "414 0", "500 0", "501 0", "502 0", "503 0", "504 0"]);
  });

  it("is run: nothing of it is among what is not", () => {
    expect(plan.notRun.filter(({ type }) => type.startsWith("aws:cloudfront"))).toEqual([]);
  });
});

describe("a CDN that would not work", () => {
  type Change = (inputs: Inputs) => Inputs;
  const firstGroup = ({ originGroups }: Inputs) => (originGroups as Inputs[])[0] as Inputs;
  it.each<[string, string, Change, RegExp]>([
    [
      "takes writes where it fails over",
      "Edge",
      (inputs) => ({
        orderedCacheBehaviors: (inputs["orderedCacheBehaviors"] as Inputs[]).map((behavior) => ({
          ...behavior,
          allowedMethods: (inputs["defaultCacheBehavior"] as Inputs)["allowedMethods"],
        })),
      }),
      /^CloudFront would refuse Edge .* cannot include POST, PUT, PATCH, or DELETE/,
    ],
    [
      "has a group of an origin that is none",
      "Edge",
      (inputs) => ({
        originGroups: [{ ...firstGroup(inputs), members: [{ originId: "api-read" }, { originId: "gone" }] }],
      }),
      /^CloudFront would refuse Edge .*do not exist: gone/,
    ],
    [
      "has a setting that is not run",
      "Edge",
      () => ({ defaultRootObject: "x" }),
      /Edge .* cannot be run: inputs/,
    ],
    [
      "asks an origin that has no record",
      "Edge",
      (inputs) => ({
        origins: (inputs["origins"] as Inputs[]).map((origin) => ({
          ...origin,
          domainName: "gone.antipode.example",
        })),
      }),
      /^Edge .* refers to gone\.antipode\.example, which no stage deploys/,
    ],
    [
      "has an alias that its certificate does not cover",
      "Edge",
      () => ({ aliases: ["a.b.antipode.example"] }),
      /EdgeCertificate does not cover a\.b\.antipode\.example/,
    ],
    [
      "has a certificate that nobody deploys",
      "Edge",
      (inputs) => ({
        viewerCertificate: { ...(inputs["viewerCertificate"] as Inputs), acmCertificateArn: "arn:x" },
      }),
      /^Edge .* refers to arn:x/,
    ],
    [
      "keys by cookies",
      "CatalogCache",
      (inputs) => {
        const key = inputs["parametersInCacheKeyAndForwardedToOrigin"] as Inputs;
        return {
          parametersInCacheKeyAndForwardedToOrigin: { ...key, cookiesConfig: { cookieBehavior: "all" } },
        };
      },
      /CatalogCache .* cookies in the cache's key are not run/,
    ],
    [
      "gives a shopper's cookies to an origin that shares its answers",
      "CatalogRequests",
      () => ({ cookiesConfig: { cookieBehavior: "all" } }),
      /CatalogRequests .* cookies that go to an origin are run with AWS's own policy only/,
    ],
    [
      "keeps things for a time that is none",
      "CatalogCache",
      () => ({ defaultTtl: 400 }),
      /minTtl, defaultTtl and maxTtl/,
    ],
  ])("%s", (_, name, change, message) => {
    expect(refusal(changed(name, change))).toMatch(message);
  });
});
