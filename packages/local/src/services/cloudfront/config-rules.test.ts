import { describe, expect, it } from "vitest";
import { faultOf } from "./config-rules.ts";
import type { DistributionConfig } from "./distribution-config.ts";
import { catalogBehavior, origin, policies, shopConfig } from "./testing/distribution.ts";

const [group] = shopConfig.originGroups;
if (group === undefined) throw new Error("the shop has an origin group");
const withGroup = (more: Partial<typeof group>) => ({ originGroups: [{ ...group, ...more }] });
const withBehavior = (more: Partial<typeof catalogBehavior>) => ({
  cacheBehaviors: [{ ...catalogBehavior, ...more }],
});
const all = shopConfig.defaultCacheBehavior.allowedMethods;

describe("a configuration", () => {
  it("is taken when nothing is wrong with it", () => {
    expect(faultOf(shopConfig, policies)).toBeUndefined();
  });

  it.each<[string, string, Partial<DistributionConfig>]>([
    ["has no origin", "InvalidArgument", { origins: [] }],
    ["has two origins of one id", "InvalidArgument", { origins: [...shopConfig.origins, origin("api")] }],
    ["has a group that is called as an origin", "InvalidArgument", withGroup({ id: "api" })],
    ["has an origin that is no host", "InvalidOrigin", { origins: [origin("api", { domainName: "a b" })] }],
    [
      "asks an origin below a path that is none",
      "InvalidArgument",
      { origins: [origin("api", { originPath: "v1" })] },
    ],
    ["tries too often", "InvalidArgument", { origins: [origin("api", { connectionAttempts: 4 })] }],
    [
      "waits too long for a connection",
      "InvalidArgument",
      { origins: [origin("api", { connectionTimeoutSeconds: 11 })] },
    ],
    [
      "waits too long for an answer",
      "InvalidOriginReadTimeout",
      { origins: [origin("api", { readTimeoutSeconds: 121 })] },
    ],
    [
      "keeps connections too long",
      "InvalidOriginKeepaliveTimeout",
      { origins: [origin("api", { keepaliveTimeoutSeconds: 0 })] },
    ],
    ["has a group of one", "InvalidArgument", withGroup({ members: ["near"] })],
    ["has a group of three", "InvalidArgument", withGroup({ members: ["near", "far", "api"] })],
    ["has a group of one twice", "InvalidArgument", withGroup({ members: ["near", "near"] })],
    ["has a group of nobody", "NoSuchOrigin", withGroup({ members: ["near", "gone"] })],
    ["fails over by no status", "InvalidArgument", withGroup({ statusCodes: [] })],
    ["fails over by a success", "InvalidArgument", withGroup({ statusCodes: [200] })],
    ["leads nowhere", "NoSuchOrigin", withBehavior({ targetOriginId: "gone" })],
    ["takes writes where it could fail over", "InvalidArgument", withBehavior({ allowedMethods: all })],
    [
      "takes a set of methods that is none",
      "InvalidArgument",
      withBehavior({ allowedMethods: ["GET", "POST"] }),
    ],
    ["caches writes", "InvalidArgument", withBehavior({ cachedMethods: ["GET", "POST"] })],
    [
      "caches what it does not take",
      "InvalidArgument",
      withBehavior({ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD", "OPTIONS"] }),
    ],
    ["caches by a policy of nobody's", "NoSuchCachePolicy", withBehavior({ cachePolicyId: "gone" })],
    [
      "asks by a policy of nobody's",
      "NoSuchOriginRequestPolicy",
      withBehavior({ originRequestPolicyId: "gone" }),
    ],
    [
      "answers by a policy of nobody's",
      "NoSuchResponseHeadersPolicy",
      withBehavior({ responseHeadersPolicyId: "gone" }),
    ],
    ["has a pattern of strange characters", "InvalidArgument", withBehavior({ pathPattern: "/a b" })],
    ["has a pattern twice", "InvalidArgument", { cacheBehaviors: [catalogBehavior, catalogBehavior] }],
    ["has an alias that is no name", "InvalidArgument", { aliases: ["shop_test!"] }],
    ["has an alias twice", "InvalidArgument", { aliases: ["shop.test", "shop.test"] }],
    [
      "keeps errors that are none",
      "InvalidErrorCode",
      { errorCaching: [{ errorCode: 200, minTtlSeconds: 1 }] },
    ],
  ])("that %s is refused: %s", (_, code, more) => {
    expect(faultOf({ ...shopConfig, ...more }, policies)?.code).toBe(code);
  });

  it("that has aliases has a certificate", () => {
    const { viewerCertificate: _, ...bare } = shopConfig;
    expect(faultOf(bare, policies)?.code).toBe("InvalidViewerCertificate");
    expect(faultOf({ ...bare, aliases: [] }, policies)).toBeUndefined();
  });
});
