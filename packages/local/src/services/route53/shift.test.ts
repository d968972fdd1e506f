import { Resolver } from "node:dns/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { createScaledScheduler, createWallScheduler } from "../../links/scheduler.ts";
import { createLoopbackServer, type LoopbackServer } from "../front/loopback-server.ts";
import { createClientTable } from "./client-table.ts";
import { createLoopbackConnect } from "./connect.ts";
import { createDnsServer, type DnsServer } from "./dns-server.ts";
import type { HealthCheck } from "./health-check.ts";
import { createRoute53Service, type Route53Service } from "./route53-service.ts";
import { checkId, dnsName, latency, values, zoneId } from "./testing/record-sets.ts";

const regions = ["eu-west-1", "us-east-1"] as const;
const timeScale = 50; // ten seconds between polls take 200 ms here
const machinePatienceMs = 2_000; // which a busy machine may need for an answer all the same
const machine = createWallScheduler();
let endpoints: Map<string, LoopbackServer>;
let route53: Route53Service;
let server: DnsServer;
let status: number;

const check = (region: string): HealthCheck => ({
  type: "HTTPS",
  host: `${region}.shop.test`,
  port: 443,
  path: "/health",
  failureThreshold: 3,
  requestIntervalSeconds: 10,
  inverted: false,
  disabled: false,
});

async function startEndpoint(): Promise<LoopbackServer> {
  return createLoopbackServer({
    bodyBytesMax: 1_000,
    serve: async (incoming, outgoing) => {
      outgoing.writeHead(incoming.url === "/health" ? status : 404).end();
    },
  });
}

beforeEach(async () => {
  status = 204;
  endpoints = new Map();
  for (const region of regions) endpoints.set(`${region}.shop.test`, await startEndpoint());
  route53 = createRoute53Service({
    connect: createLoopbackConnect(({ host }) => {
      const port = endpoints.get(host)?.port;
      return port === undefined ? undefined : { host: "127.0.0.1", port };
    }),
    scheduler: createScaledScheduler(machine, { scale: timeScale, sinceMs: machine.now() }),
    random: createRandom(1),
    patienceMs: machinePatienceMs * timeScale,
    foreignValues: () => undefined,
  });
  for (const region of regions) route53.checks.provision(checkId(region), check(region));
  route53.zones.create(
    zoneId,
    dnsName("shop.test"),
    regions.map((region) =>
      values("api.shop.test", `${region}.shop.test`, {
        type: "CNAME",
        routing: latency(region),
        check: region,
      }),
    ),
  );
  const near = { latencyMsByRegion: { "eu-west-1": 5, "us-east-1": 70 } };
  server = await createDnsServer({
    answer: route53.answer,
    locate: createClientTable([], near),
    random: () => 0,
  });
});

afterEach(async () => {
  route53.stop();
  await Promise.all([server.close(), ...[...endpoints.values()].map((endpoint) => endpoint.close())]);
});

async function answerBecomes(region: string): Promise<void> {
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${server.port}`]);
  await expect
    .poll(() => resolver.resolveCname("api.shop.test"), { timeout: 30_000, interval: 20 })
    .toEqual([`${region}.shop.test`]);
}

it("shoppers are sent on when their region falls silent or says so, and back when it is well", async () => {
  const near = endpoints.get("eu-west-1.shop.test");
  await answerBecomes("eu-west-1");
  near?.setDown(true);
  await answerBecomes("us-east-1");
  near?.setDown(false);
  await answerBecomes("eu-west-1");
  status = 503;
  await expect
    .poll(() => regions.map((region) => route53.checks.isHealthy(checkId(region))), { timeout: 30_000 })
    .toEqual([false, false]);
  await answerBecomes("eu-west-1"); // nobody is well: as if all were
});
