/** The CDN, as the committed graph of the home stage has it. */
import { describe, expect, it } from "vitest";
import { catalogCaching } from "../packages/functions/src/api/routes/products/list.ts";
import { input, inRegion, ofType, regionNames } from "./testing/graphs.ts";

const home = inRegion("us-east-1");
const [edge, ...more] = ofType(home, "aws:cloudfront/distribution:Distribution");
const [cache] = ofType(home, "aws:cloudfront/cachePolicy:CachePolicy");

interface Behaviour {
  readonly pathPattern?: string;
  readonly targetOriginId: string;
  readonly allowedMethods: readonly string[];
  readonly cachePolicyId: string;
  readonly originRequestPolicyId: string;
  readonly viewerProtocolPolicy: string;
  readonly compress: boolean;
}

const inputs = edge?.inputs as unknown as {
  readonly aliases: readonly string[];
  readonly origins: readonly { readonly originId: string; readonly domainName: string }[];
  readonly originGroups: readonly unknown[];
  readonly defaultCacheBehavior: Behaviour;
  readonly orderedCacheBehaviors: readonly Behaviour[];
  readonly customErrorResponses: readonly { readonly errorCode: number }[];
};
const writes = ["POST", "PUT", "PATCH", "DELETE"];

describe("the CDN", () => {
  it("is one, of the home stage", () => {
    expect(more).toEqual([]);
    for (const region of regionNames.slice(1)) {
      expect(ofType(inRegion(region), "aws:cloudfront/distribution:Distribution")).toEqual([]);
    }
  });

  it("answers for the domain and www, over TLS alone", () => {
    expect(inputs.aliases).toEqual(["antipode.example", "www.antipode.example"]);
    const aliased = ofType(home, "aws:route53/record:Record").filter((record) =>
      JSON.stringify(record.inputs).includes(String(edge?.outputs?.["domainName"])),
    );
    expect(aliased.map((record) => [input(record, "name"), input(record, "type")]).sort()).toEqual([
      ["antipode.example", "A"],
      ["antipode.example", "AAAA"],
      ["www.antipode.example", "A"],
      ["www.antipode.example", "AAAA"],
    ]);
    expect(edge?.inputs).toMatchObject({ viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" } });
    for (const behaviour of [inputs.defaultCacheBehavior, ...inputs.orderedCacheBehaviors]) {
      expect(behaviour.viewerProtocolPolicy).toBe("redirect-to-https");
      expect(behaviour.compress).toBe(true);
    }
  });

  it("asks another region within the request where a catalog read fails, and of nothing else", () => {
    expect(inputs.originGroups).toEqual([
      {
        originId: "catalog",
        failoverCriteria: { statusCodes: [500, 502, 503, 504] },
        members: [{ originId: "api-read" }, { originId: "alt-read" }],
      },
    ]);
    expect(inputs.orderedCacheBehaviors.map(({ pathPattern }) => pathPattern)).toEqual([
      "/v1/products",
      "/v1/products/*",
    ]);
    for (const { targetOriginId, allowedMethods } of inputs.orderedCacheBehaviors) {
      expect(targetOriginId).toBe("catalog");
      expect(allowedMethods).toEqual(["GET", "HEAD", "OPTIONS"]);
    }
    expect(inputs.defaultCacheBehavior.targetOriginId).toBe("api");
    expect(inputs.defaultCacheBehavior.allowedMethods).toEqual(expect.arrayContaining(writes));
  });

  it("gives up on a region within two seconds of connecting and four of waiting, where another can answer", () => {
    const reading = inputs.origins.filter(({ originId }) => originId.endsWith("-read"));
    expect(reading.map(({ domainName }) => domainName)).toEqual([
      "api.antipode.example",
      "alt.antipode.example",
    ]);
    for (const origin of reading) {
      expect(origin).toMatchObject({
        connectionAttempts: 1,
        connectionTimeout: 2,
        customOriginConfig: { originReadTimeout: 4, originProtocolPolicy: "https-only" },
      });
    }
  });

  it("keeps no error that it may let go, so that one request's is not the next one's", () => {
    // Those that CloudFront keeps by itself, but for 410, which it lets nobody choose.
    const kept = [404, 405, 414, 500, 501, 502, 503, 504];
    expect(inputs.customErrorResponses).toEqual(
      kept.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    );
  });

  it("lets old answers of the catalog stand in for an error as long as the API says", () => {
    const { maxAge, staleIfError } =
      /max-age=(?<maxAge>\d+),.*stale-if-error=(?<staleIfError>\d+)/.exec(catalogCaching)?.groups ?? {};
    expect(cache && input(cache, "maxTtl")).toBe(Number(maxAge) + Number(staleIfError));
  });

  it("passes a preflight of the catalog on whole, and nothing else that is no part of the key", () => {
    const [asked, ...others] = ofType(home, "aws:cloudfront/originRequestPolicy:OriginRequestPolicy");
    expect(others).toEqual([]);
    expect(inputs.orderedCacheBehaviors.map((behaviour) => behaviour.originRequestPolicyId)).toEqual([
      asked?.id,
      asked?.id,
    ]);
    expect(asked?.inputs).toMatchObject({
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: {
        headerBehavior: "whitelist",
        headers: { items: ["Access-Control-Request-Headers", "Access-Control-Request-Method"] },
      },
      queryStringsConfig: { queryStringBehavior: "none" },
    });
    for (const behaviour of inputs.orderedCacheBehaviors)
      expect(behaviour, "no answer to a preflight is kept").toMatchObject({ cachedMethods: ["GET", "HEAD"] });
    expect(inputs.defaultCacheBehavior.originRequestPolicyId).toBe("b689b0a8-53d0-40ab-baf2-68738e2966ac"); // all but Host
  });

  it("keeps nothing but the catalog, by what a client has seen and not by who it is", () => {
    expect(inputs.defaultCacheBehavior.cachePolicyId).toBe("4135ea2d-6df8-44a3-9df3-4b5a84be39ad"); // CachingDisabled
    expect(inputs.orderedCacheBehaviors.map(({ cachePolicyId }) => cachePolicyId)).toEqual([
      cache?.id,
      cache?.id,
    ]);
    expect(cache?.inputs).toMatchObject({
      defaultTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headers: { items: ["Consistency-Token", "Prefer", "Origin"] } },
      },
    });
  });
});
