import {
  CreateInvalidationCommand,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  GetInvalidationCommand,
  GetResponseHeadersPolicyCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployMs } from "./distribution-store.ts";
import { type CloudFrontBench, shopId, startCloudFrontBench } from "./testing/cloudfront-bench.ts";
import { policies, shopConfig } from "./testing/distribution.ts";

let bench: CloudFrontBench;

beforeEach(async () => {
  bench = await startCloudFrontBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const getConfig = () => bench.client.send(new GetDistributionConfigCommand({ Id: shopId }));

const update = (DistributionConfig: DistributionConfig | undefined, IfMatch?: string) =>
  bench.client.send(
    new UpdateDistributionCommand({
      Id: shopId,
      DistributionConfig,
      ...(IfMatch === undefined ? {} : { IfMatch }),
    }),
  );

/** The other origin first, as a failover puts it. */
function turned(config: DistributionConfig | undefined): DistributionConfig {
  const [group] = config?.OriginGroups?.Items ?? [];
  group?.Members?.Items?.reverse();
  return config as DistributionConfig;
}

const membersAt = (share: number) =>
  bench.cloudfront.serve("shop.test", share)?.config.originGroups[0]?.members;

describe("a distribution", () => {
  it("is found by its alias, a page at a time", async () => {
    for (const id of ["E1FIRST", "E3THIRD"]) {
      const config = { ...shopConfig, aliases: [`${id.toLowerCase()}.test`] };
      bench.cloudfront.distributions.provision({ id, domainName: `${id}.cloudfront.net`, tags: {}, config });
    }
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const input = { MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) };
      const page = await bench.client.send(new ListDistributionsCommand(input));
      const items = page.DistributionList?.Items ?? [];
      found.push(...items.map(({ Id, Aliases }) => `${Id} ${Aliases?.Items?.[0]}`));
      Marker = page.DistributionList?.NextMarker;
    } while (Marker !== undefined);
    expect(found).toEqual(["E1FIRST e1first.test", `${shopId} shop.test`, "E3THIRD e3third.test"]);
  });

  it("is told whole, and taken back as it was told", async () => {
    const { DistributionConfig: config, ETag: before } = await getConfig();
    expect(config).toMatchObject({
      CallerReference: "shop-1",
      Comment: "a <b> & c",
      Aliases: { Quantity: 2, Items: ["shop.test", "www.shop.test"] },
      OriginGroups: {
        Items: [{ Id: "catalog", Members: { Items: [{ OriginId: "near" }, { OriginId: "far" }] } }],
      },
      CacheBehaviors: { Items: [{ PathPattern: "/v1/products*", AllowedMethods: { Quantity: 3 } }] },
    });
    const updated = await update(config, before);
    expect(updated.Distribution?.DistributionConfig).toEqual(config);
    expect(bench.cloudfront.serve("shop.test", 0)?.config).toEqual(shopConfig);
    expect(updated.ETag).not.toBe(before);
  });

  it("is in progress until the last edge location has a change, and each gets it at its time", async () => {
    const { DistributionConfig: config, ETag } = await getConfig();
    const updated = await update(turned(config), ETag);
    expect(updated.Distribution?.Status).toBe("InProgress");
    const shares = [0.25, 0.5, 1];
    expect(shares.map((share) => membersAt(share)?.[0])).toEqual(["near", "near", "near"]);
    await bench.time.advance(deployMs / 2);
    expect(shares.map((share) => membersAt(share)?.[0])).toEqual(["far", "far", "near"]);
    const status = async () =>
      (await bench.client.send(new GetDistributionCommand({ Id: shopId }))).Distribution?.Status;
    expect(await status()).toBe("InProgress");
    await bench.time.advance(deployMs / 2);
    expect([await status(), membersAt(1)?.[0]]).toEqual(["Deployed", "far"]);
  });

  it("is changed by one of two who read the same version; the other reads again", async () => {
    const [one, other] = await Promise.all([getConfig(), getConfig()]);
    const race = await Promise.allSettled([
      update(turned(one.DistributionConfig), one.ETag),
      update(other.DistributionConfig, other.ETag),
    ]);
    expect(race.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = race.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
    const again = await getConfig();
    await update(again.DistributionConfig, again.ETag);
  });

  it("is known by an address too, and by no other name", () => {
    expect(bench.cloudfront.serve("127.0.0.111", 0)?.id).toBe(shopId);
    expect(bench.cloudfront.serve("d111111abcdef8.cloudfront.net", 0)?.id).toBe(shopId);
    expect(bench.cloudfront.serve("other.test", 0)).toBeUndefined();
  });
});

describe("an update that CloudFront refuses", () => {
  it("names no version, or one that is no more", async () => {
    const { DistributionConfig: config } = await getConfig();
    await expect(update(config)).rejects.toMatchObject({ name: "InvalidIfMatchVersion" });
    await expect(update(config, "E0")).rejects.toMatchObject({ name: "PreconditionFailed" });
    const input = { Id: "E0", DistributionConfig: config, IfMatch: "E0" };
    await expect(bench.client.send(new UpdateDistributionCommand(input))).rejects.toMatchObject({
      name: "NoSuchDistribution",
    });
  });

  it.each([
    "Aliases",
    "CacheBehaviors",
    "HttpVersion",
    "Logging",
    "DefaultRootObject",
    "Restrictions",
  ] as const)("leaves out %s", async (field) => {
    const { DistributionConfig: config, ETag } = await getConfig();
    const { [field]: _, ...rest } = config as DistributionConfig;
    await expect(update(rest, ETag)).rejects.toMatchObject({
      name: "IllegalUpdate",
      message: `${field} is required for updates.`,
    });
  });

  type Change = (config: DistributionConfig) => Partial<DistributionConfig>;
  it.each<[string, string, Change]>([
    ["changes the caller's reference", "IllegalUpdate", () => ({ CallerReference: "other" })],
    [
      "says another number of aliases",
      "InconsistentQuantities",
      (config) => ({ Aliases: { ...config.Aliases, Quantity: 1 } }),
    ],
    ["needs what is not run", "NotImplemented", () => ({ DefaultRootObject: "index.html" })],
    [
      "leads to no origin",
      "NoSuchOrigin",
      (config) => ({ Origins: { Quantity: 1, Items: config.Origins?.Items?.slice(0, 1) } }),
    ],
    ["names a group that is gone", "NoSuchOrigin", () => ({ OriginGroups: { Quantity: 0 } })],
  ])("%s", async (_, name, change) => {
    const { DistributionConfig: config, ETag } = await getConfig();
    const sent = { ...config, ...change(config as DistributionConfig) } as DistributionConfig;
    await expect(update(sent, ETag)).rejects.toMatchObject({ name });
    expect((await getConfig()).ETag, "nothing was changed").toBe(ETag);
  });

  it("takes another distribution's alias", async () => {
    const config = { ...shopConfig, aliases: ["taken.test"] };
    bench.cloudfront.distributions.provision({ id: "E1", domainName: "x.cloudfront.net", tags: {}, config });
    const own = await getConfig();
    const Aliases = { Quantity: 1, Items: ["taken.test"] };
    await expect(
      update({ ...own.DistributionConfig, Aliases } as DistributionConfig, own.ETag),
    ).rejects.toMatchObject({ name: "CNAMEAlreadyExists" });
  });
});

describe("an invalidation", () => {
  const invalidate = (CallerReference: string, ...Items: string[]) =>
    bench.client.send(
      new CreateInvalidationCommand({
        DistributionId: shopId,
        InvalidationBatch: { CallerReference, Paths: { Quantity: Items.length, Items } },
      }),
    );

  it("reaches edge locations one after another, and is completed then", async () => {
    const forgotten: string[] = [];
    for (const share of [0.5, 1])
      bench.cloudfront.onInvalidation({
        share,
        forget: (id, path) => forgotten.push(`${share} ${id} ${path}`),
      });
    const made = await invalidate("r1", "/v1/products", "/v1/products/*");
    const Id = made.Invalidation?.Id;
    expect([made.Invalidation?.Status, made.$metadata.httpStatusCode]).toEqual(["InProgress", 201]);
    await bench.time.advance(2_500);
    expect(forgotten).toEqual([`0.5 ${shopId} /v1/products`, `0.5 ${shopId} /v1/products/*`]);
    await bench.time.advance(2_500);
    const input = { DistributionId: shopId, Id };
    const got = await bench.client.send(new GetInvalidationCommand(input));
    expect([got.Invalidation?.Status, forgotten.length]).toEqual(["Completed", 4]);
  });

  it("is one, however often it is sent", async () => {
    const [first, second] = [await invalidate("r1", "/a"), await invalidate("r1", "/a")];
    expect(second.Invalidation?.Id).toBe(first.Invalidation?.Id);
    await expect(invalidate("r1", "/b")).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it.each([["a"], ["/a*b"], []])("of paths %j is refused", async (...paths) => {
    await expect(invalidate("r1", ...paths)).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("of too much at once is refused", async () => {
    const paths = Array.from({ length: 16 }, (_, index) => `/${index}/*`);
    await expect(invalidate("r1", ...paths)).rejects.toMatchObject({
      name: "TooManyInvalidationsInProgress",
    });
  });

  it("that nobody made is said to be missing", async () => {
    const input = { DistributionId: shopId, Id: "I0" };
    await expect(bench.client.send(new GetInvalidationCommand(input))).rejects.toMatchObject({
      name: "NoSuchInvalidation",
    });
  });
});

describe("rights", () => {
  const arn = `arn:aws:cloudfront::111122223333:distribution/${shopId}`;
  const tagged = (environment: string) => [
    {
      effect: "Allow" as const,
      actions: ["cloudfront:GetDistributionConfig", "cloudfront:ListTagsForResource"],
      resources: ["arn:aws:cloudfront::111122223333:distribution/*"],
      conditions: { StringEquals: { "aws:ResourceTag/antipode:environment": [environment] } },
    },
  ];

  it("may be of what carries a tag", async () => {
    bench.statements = tagged("prod");
    const { DistributionConfig: config, ETag } = await getConfig();
    await expect(update(config, ETag)).rejects.toMatchObject({ name: "AccessDenied" });
    const tags = await bench.client.send(new ListTagsForResourceCommand({ Resource: arn }));
    expect(tags.Tags?.Items).toEqual([{ Key: "antipode:environment", Value: "prod" }]);
    bench.statements = tagged("other");
    await expect(getConfig()).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("to list are of everything", async () => {
    bench.statements = [{ effect: "Allow", actions: ["cloudfront:ListDistributions"], resources: [arn] }];
    await expect(bench.client.send(new ListDistributionsCommand({}))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });
});

it("policies are told, managed ones too", async () => {
  const own = await bench.client.send(new GetCachePolicyCommand({ Id: "catalog-cache" }));
  expect(own.CachePolicy?.CachePolicyConfig).toMatchObject({
    Name: "Catalog",
    MaxTTL: 60,
    ParametersInCacheKeyAndForwardedToOrigin: {
      HeadersConfig: { HeaderBehavior: "whitelist", Headers: { Items: ["consistency-token", "origin"] } },
    },
  });
  const managed = await bench.client.send(new GetCachePolicyCommand({ Id: policies.cache[0]?.id }));
  expect(managed.CachePolicy?.CachePolicyConfig?.MaxTTL).toBe(0);
  const headers = await bench.client.send(new GetResponseHeadersPolicyCommand({ Id: "security" }));
  expect(headers.ResponseHeadersPolicy?.ResponseHeadersPolicyConfig?.Name).toBe("Security");
  await expect(bench.client.send(new GetCachePolicyCommand({ Id: "none" }))).rejects.toMatchObject({
    name: "NoSuchCachePolicy",
  });
});

it("what is not built is refused by name", async () => {
  const answer = await fetch(`${bench.url}/2020-05-31/distribution/E1/promote-staging-config`, {
    method: "PUT",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/cloudfront/aws4_request" },
  });
  expect([answer.status, await answer.text()]).toEqual([
    501,
    expect.stringContaining("promote-staging-config"),
  ]);
});
