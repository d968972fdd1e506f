/** A world's names over real sockets: who asks near a region is led to it while it is well. */
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import packet from "dns-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { askTcp, askUdp, query } from "../services/route53/testing/dns-client.ts";
import { committedGraphs, startWorld, type TestWorld, worldRegions } from "../testing/start-world.ts";
import { subnetNear } from "./client-places.ts";
import { operatorAccessKey } from "./regions.ts";

const timeScale = 5;
/** Three looks, ten seconds apart, of checkers that are spread over ten seconds. */
const shiftMaxMs = ((3 * 10 + 10) * 1_000) / timeScale;
/** The others have voted it out by then: a hold of two minutes, the next time of four, six good looks, and the checkers again. */
const backMaxMs = (hold: 1 | 2) => (hold * 120_000 + 70_000) / timeScale + shiftMaxMs;
const machineMs = 20_000; // for what a loaded machine adds to it
const coldMs = 240_000; // four regions' functions start, on a loaded machine
const api = "api.antipode.example";

let world: TestWorld;
let dnsPort: number;
let namedPort: number;

beforeAll(async () => {
  world = await startWorld({ timeScale, products: 20 });
  const { names } = world.status();
  dnsPort = names?.dnsPort ?? 0;
  namedPort = names?.namedPort ?? 0;
});
afterAll(() => world.close());

const messageNear = (region: string, name: string) =>
  packet.encode(query(name, { subnet: subnetNear(worldRegions, region) }));

/** The region that a client near another is led to, and its address. */
async function askNear(region: string, name = api) {
  const bytes = await askUdp(dnsPort, messageNear(region, name));
  const answers = bytes === undefined ? [] : (packet.decode(bytes).answers ?? []);
  return answers.map((answer) => ("data" in answer ? String(answer.data) : ""));
}

const openRegions = () =>
  world
    .status()
    .regions.filter(({ route53 }) => route53 === "open")
    .map(({ region }) => region);

async function within<T>(read: () => T | Promise<T>, expected: T, waitMs = shiftMaxMs + machineMs) {
  await expect.poll(read, { timeout: waitMs, interval: 20 }).toEqual(expected);
}

const led = (region: string) => [
  `${region}.antipode.example`,
  `127.0.0.${101 + worldRegions.indexOf(region)}`,
];

describe("a world's names", () => {
  it(
    "open once it is known that no vote closes a region, and that all its shoppers may come",
    { timeout: coldMs },
    () => within(openRegions, [...worldRegions], coldMs),
  );

  it.each(worldRegions)(
    "lead to the nearest region, by UDP and by TCP, and to an API that says so: %s",
    async (region) => {
      expect(await askNear(region)).toEqual(led(region));
      const message = messageNear(region, api);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      const [overTcp] = await askTcp(dnsPort, [Buffer.concat([length, message])], 1);
      expect(overTcp?.answers).toMatchObject([{ data: led(region)[0] }, { data: led(region)[1] }]);
      const response = await fetch(`http://${led(region)[1]}:${namedPort}/v1/regions`);
      expect([response.status, response.headers.get("served-by")]).toEqual([200, region]);
    },
  );

  it("say to the command line what they say to a client", () => {
    expect(world.resolve("api", "eu-west-1")).toMatchObject({
      ok: true,
      value: [{ near: "eu-west-1", status: "found", records: [{ value: "eu-west-1.antipode.example" }, {}] }],
    });
    const everywhere = world.resolve(api);
    expect(everywhere.ok && everywhere.value.map(({ near }) => near)).toEqual(worldRegions);
    expect(world.resolve("nowhere", "eu-west-1")).toMatchObject({
      ok: true,
      value: [{ status: "no-such-name" }],
    });
    expect(world.resolve("a b")).toEqual({ ok: false, error: { type: "no-name", text: "a b" } });
  });

  it("answer by continent, and lead to the nearest edge location of the CDN", async () => {
    expect((await askNear("eu-west-1", "geo.antipode.example"))[0]).toBe("eu.antipode.example");
    expect((await askNear("ap-east-1", "geo.antipode.example"))[0]).toBe("api.antipode.example");
    expect(await askNear("ap-east-1", "www.antipode.example")).toEqual(["127.0.0.114"]);
    expect(world.resolve("shop", "us-east-1")).toMatchObject({
      value: [{ records: [{ value: "127.0.0.111" }] }],
    });
  });

  it.each<[string, Fault, Fault]>([
    [
      "is cut off from outside",
      { type: "cut", from: "outside", to: "eu-west-1" },
      { type: "heal", from: "outside", to: "eu-west-1" },
    ],
    ["is down", { type: "down", region: "eu-west-1" }, { type: "up", region: "eu-west-1" }],
  ])(
    "lead elsewhere while a region %s, within the bound, and back",
    { timeout: coldMs },
    async (why, fault, end) => {
      await within(() => askNear("eu-west-1"), led("eu-west-1"));
      world.apply(fault);
      await within(() => askNear("eu-west-1"), led("us-east-1"));
      await within(
        openRegions,
        worldRegions.filter((region) => region !== "eu-west-1"),
      );
      world.apply(end);
      await within(
        () => askNear("eu-west-1"),
        led("eu-west-1"),
        backMaxMs(why === "is down" ? 2 : 1) + machineMs,
      );
    },
  );
});

it("a world whose record names a missing health check does not start, and says which record", async () => {
  const graphs = committedGraphs().map((graph) => ({
    ...graph,
    resources: graph.resources.filter(({ name }) => name !== "Open-eu-west-1"),
  }));
  await expect(startWorld({ graphs })).rejects.toThrow(
    /^AltRecord-us-east-1 \(aws:route53\/record:Record\) in eu-west-1 refers to health check/,
  );
});

describe("Route 53's API", () => {
  it("is asked through a region's front, where the operator may read the zone", async () => {
    const client = new Route53Client({
      region: "us-east-1",
      endpoint: world.endpoint("eu-west-1"),
      credentials: { accessKeyId: operatorAccessKey, secretAccessKey: "any" },
    });
    const [zone] = world.plan.zones;
    const listed = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone?.id }));
    client.destroy();
    const latency = listed.ResourceRecordSets?.filter(
      ({ Name, Region }) => Name === "api-open.antipode.example." && Region,
    );
    expect(latency?.map(({ Region }) => Region).toSorted()).toEqual(worldRegions.toSorted());
    expect(world.warnings.filter((line) => /AccessDenied|not authorized/.test(line))).toEqual([]);
  });
});
