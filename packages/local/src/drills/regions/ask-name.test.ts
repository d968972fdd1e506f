import { afterAll, beforeAll, expect, it } from "vitest";
import { answerQuestion } from "../../services/route53/answer.ts";
import { createClientTable } from "../../services/route53/client-table.ts";
import { createDnsServer, type DnsServer } from "../../services/route53/dns-server.ts";
import { latency, values, zoneWith } from "../../services/route53/testing/record-sets.ts";
import { askName } from "./ask-name.ts";

const regions = ["us-east-1", "eu-west-1"];
const near = (region: string) => ({
  latencyMsByRegion: Object.fromEntries(regions.map((to) => [to, to === region ? 5 : 70])),
});
const zone = zoneWith(
  ...regions.flatMap((region, at) => [
    values("api.shop.test", `${region}.shop.test`, {
      type: "CNAME",
      routing: latency(region),
      ttlSeconds: 10,
    }),
    values(`${region}.shop.test`, `192.0.2.${at}`, { ttlSeconds: 60 }),
  ]),
  values("plain.shop.test", "192.0.2.9"),
);

let server: DnsServer;

beforeAll(async () => {
  server = await createDnsServer({
    answer: (question) =>
      answerQuestion({ zones: [zone], isCheckHealthy: () => true, foreignValues: () => undefined }, question),
    locate: createClientTable(
      [{ subnet: "203.0.113.64/26", location: near("eu-west-1") }],
      near("us-east-1"),
    ),
    random: () => 0,
  });
});
afterAll(() => server.close());

const ask = (name: string, subnet: string) => askName({ port: server.port, name, subnet });

it("a name leads to the region near the client's subnet, for as long as the shortest of its records says", async () => {
  expect(await ask("api.shop.test", "203.0.113.64/26")).toEqual({
    target: "eu-west-1.shop.test",
    ttlMs: 10_000,
  });
  expect(await ask("api.shop.test", "203.0.113.0/26")).toEqual({
    target: "us-east-1.shop.test",
    ttlMs: 10_000,
  });
});

it("a name that leads to no other one, or is none, leads nowhere", async () => {
  expect(await ask("plain.shop.test", "203.0.113.0/26")).toBeUndefined();
  expect(await ask("nobody.shop.test", "203.0.113.0/26")).toBeUndefined();
});
