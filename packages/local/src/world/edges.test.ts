/** Shoppers behind the CDN: what it keeps, and what they notice of a region that falls silent. */
import { request } from "node:http";
import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type TestWorld, worldRegions } from "../testing/start-world.ts";
import { regionAt } from "./region-addresses.ts";
import { operatorAccessKey } from "./regions.ts";

const timeScale = 4;
const waitMs = 300_000; // a bound against hanging: a loaded machine takes a while
const lost = "eu-west-1";

let world: TestWorld;
let products: string[];

beforeAll(async () => {
  world = await startWorld({ timeScale, products: 30 });
});
afterAll(() => world.close());

const openRegions = () =>
  world
    .status()
    .regions.filter(({ route53 }) => route53 === "open")
    .map(({ region }) => region);

async function within<T>(read: () => T | Promise<T>, expected: T) {
  await expect.poll(read, { timeout: waitMs, interval: 50 }).toEqual(expected);
}

async function near(region: string, path: string, init?: RequestInit) {
  const answer = await fetch(`${world.edge(region)}${path}`, init);
  await answer.arrayBuffer();
  return { status: answer.status, by: answer.headers.get("served-by"), cache: answer.headers.get("x-cache") };
}

/** Whose address a name has for clients near a region. */
function regionOf(name: string, place: string): string | undefined {
  const resolved = world.resolve(name, place);
  const [answer] = resolved.ok ? resolved.value : [];
  return regionAt(worldRegions, answer?.records.at(-1)?.value ?? "");
}

const makeCart = async () => (await near(lost, "/v1/carts", { method: "POST" })).status;

describe("the CDN near a region", () => {
  it(
    "waits for every region to be open",
    async () => {
      await within(openRegions, [...worldRegions]);
      const list = () => fetch(`${world.api("us-east-1")}/v1/products?limit=30`);
      await within(async () => (await list()).status, 200);
      products = ((await (await list()).json()) as { items: { id: string }[] }).items.map(({ id }) => id);
    },
    waitMs,
  );

  it.each(worldRegions)("reads from that region, and then from its cache: %s", async (region) => {
    const path = `/v1/products/${products[0]}`;
    expect(await near(region, path)).toEqual({ status: 200, by: region, cache: "Miss from cloudfront" });
    expect(await near(region, path)).toEqual({ status: 200, by: region, cache: "Hit from cloudfront" });
  });

  it("answers by the shop's own name, and gives what is not cached to the region", async () => {
    const { namedPort = 0 } = world.status().names ?? {};
    const { address = "" } = world.status().edges.find((edge) => edge.near === "ap-east-1") ?? {};
    const answer = await new Promise<{ by: unknown; cache: unknown; policy: unknown }>((resolve, reject) => {
      const headers = { host: "www.antipode.example" };
      const asking = request({ host: address, port: namedPort, path: "/v1/regions", headers }, (got) => {
        got.resume();
        const { "served-by": by, "x-cache": cache, "x-frame-options": policy } = got.headers;
        resolve({ by, cache, policy });
      });
      asking.once("error", reject);
      asking.end();
    });
    expect(answer).toEqual({ by: "ap-east-1", cache: "Miss from cloudfront", policy: "DENY" });
    const foreign = await near("ap-east-1", "/v1/products", { method: "DELETE" });
    expect(foreign.status).toBe(403);
  });

  it("is what functions that look from outside find, each near its region", async () => {
    for (const { region, environment } of world.plan.functions.filter(({ name }) =>
      name.endsWith("-Failover"),
    )) {
      const seen = await fetch(`${environment["EDGE_URL"]}/v1/products?limit=4`);
      await seen.arrayBuffer();
      expect([seen.status, seen.headers.get("served-by")]).toEqual([200, region]);
      expect(seen.headers.get("x-cache")).toBe("Miss from cloudfront");
    }
  });

  it(
    "loses no read while that region is down, and writes again once names lead elsewhere",
    async () => {
      await within(openRegions, [...worldRegions]);
      expect(await makeCart()).toBe(201);
      world.apply({ type: "down", region: lost });
      const reads: Awaited<ReturnType<typeof near>>[] = [];
      let failedWrites = 0;
      // Each read is a site's of its own, so that none is answered from the cache.
      for (let round = 0; ; round += 1) {
        const path = `/v1/products/${products[round % products.length]}`;
        const read = await near(lost, path, { headers: { origin: `https://${round}.example` } });
        reads.push(read);
        if ((await makeCart()) === 201) break;
        failedWrites += 1;
        expect(round, "writes go on within the bound").toBeLessThan(5_000);
      }
      expect(reads.filter(({ status }) => status !== 200)).toEqual([]);
      expect(new Set(reads.map(({ by }) => by)).has(lost)).toBe(false);
      expect(failedWrites).toBeGreaterThan(0);
      expect(world.status().edges.find((edge) => edge.near === lost)?.failovers).toBeGreaterThanOrEqual(
        failedWrites,
      );
      world.apply({ type: "up", region: lost });
      await within(openRegions, [...worldRegions]);
    },
    waitMs,
  );

  it(
    "reads from the other origin first, once an operator turned the group round",
    async () => {
      const client = new CloudFrontClient({
        region: "us-east-1",
        endpoint: world.endpoint("ap-south-1"),
        credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
      });
      const listed = await client.send(new ListDistributionsCommand({}));
      const { Id } =
        listed.DistributionList?.Items?.find(({ Aliases }) => Aliases?.Items?.includes("antipode.example")) ??
        {};
      const { DistributionConfig, ETag } = await client.send(new GetDistributionConfigCommand({ Id }));
      DistributionConfig?.OriginGroups?.Items?.[0]?.Members?.Items?.reverse();
      await client.send(new UpdateDistributionCommand({ Id, DistributionConfig, IfMatch: ETag }));
      client.destroy();
      let round = 0;
      // Where `alt` leads elsewhere than `api`: on a loaded machine a region closes for a while, and both lead to one.
      const isTurned = async () => {
        round += 1;
        for (const place of worldRegions) {
          const other = regionOf("alt", place);
          if (other === regionOf("api", place)) continue;
          const headers = { origin: `https://turned-${round}.example` };
          if ((await near(place, "/v1/products?limit=1", { headers })).by === other) return true;
        }
        return false;
      };
      await expect.poll(isTurned, { timeout: waitMs / 2, interval: 500 }).toBe(true);
      expect(world.warnings).toEqual([]);
    },
    waitMs,
  );
});
