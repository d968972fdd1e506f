/** Schedules and payments in a whole world, from graphs that have them. */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Graph, GraphResource } from "../graph/schema.ts";
import { functionType } from "../provision/functions.ts";
import { permissionType } from "../provision/lambda-permissions.ts";
import { scheduleTypes } from "../provision/schedules.ts";
import { committedGraphs, startWorld, type TestWorld, worldRegions } from "../testing/start-world.ts";
import { PortTakenError } from "./regions.ts";

const [home = "", peer = ""] = worldRegions;
const secret = { value: "[secret]", type: "sst.sst.Secret" };

/** The committed graphs, with the Replay function run every minute and the payment provider's key for the API. */
function graphs(): Graph[] {
  return committedGraphs().map((graph) => ({
    ...graph,
    resources: [
      ...graph.resources
        .filter(({ type }) => !(scheduleTypes as readonly string[]).includes(type))
        .map(withPayments),
      ...replayRule(graph),
    ],
  }));
}

function withPayments(resource: GraphResource): GraphResource {
  if (resource.function === undefined || resource.name !== "ApiFunction") return resource;
  const links = { ...resource.function.links, PaymentKey: secret, PaymentWebhookSecret: secret };
  return { ...resource, function: { ...resource.function, links } };
}

function replayRule({ region, resources }: Graph): GraphResource[] {
  const arn = `arn:aws:events:${region}:111122223333:rule/replay`;
  const replay = resources.find(({ type, name }) => type === functionType && name === "ReplayFunction");
  const common = { region, outputs: {} };
  const [ruleType, targetType] = scheduleTypes;
  return [
    {
      ...common,
      type: ruleType,
      name: "ReplayRule",
      arn,
      inputs: { name: "replay", scheduleExpression: "rate(1 minute)" },
    },
    {
      ...common,
      type: targetType,
      name: "ReplayTarget",
      inputs: { rule: "replay", arn: replay?.arn, input: "{}" },
    },
    {
      ...common,
      type: permissionType,
      name: "ReplayPermission",
      inputs: {
        action: "lambda:InvokeFunction",
        function: replay?.arn,
        principal: "events.amazonaws.com",
        sourceArn: arn,
      },
    },
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const runningProcesses = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap");

let world: TestWorld;
let paymentPort = 0;

beforeAll(async () => {
  paymentPort = await freePort();
  world = await startWorld({ graphs: graphs(), products: 3, paymentPort });
});
afterAll(async () => {
  await world.close();
  expect(runningProcesses()).toEqual([]);
});

const scheduleOf = (region: string) =>
  world.status().regions.find((one) => one.region === region)?.schedules[0];

describe("a world with schedules", () => {
  it("fires them soon, in every region", async () => {
    const haveFired = () => worldRegions.every((region) => (scheduleOf(region)?.fired ?? 0) > 0);
    await expect.poll(haveFired, { timeout: 20_000 }).toBe(true);
    expect(scheduleOf(home)).toMatchObject({ name: "Replay", expression: "rate(1 minute)" });
  });

  it("runs them when told", async () => {
    const summary = { replayed: 0, failed: [], remaining: 0 };
    expect(await world.run("Replay")).toMatchObject({
      value: worldRegions.map((region) => ({ region, answer: summary })),
    });
    expect(await world.run("Api")).toMatchObject({ error: { type: "not-scheduled", scheduled: ["Replay"] } });
    expect(world.warnings).toEqual([]);
  });
});

describe("a world with payments", () => {
  const apiFunction = (region: string) =>
    world.plan.functions.find((one) => one.region === region && one.name.endsWith("-Api"));
  const ask = async (region: string) => {
    const api = apiFunction(region);
    const link = api?.links["PaymentKey"] as { value: string } | undefined;
    const response = await fetch(`${api?.environment["STRIPE_API_BASE"]}/v1/payment_intents?limit=1`, {
      headers: { authorization: `Bearer ${link?.value}` },
    });
    return response.status;
  };

  it("has a provider on the port it is given, which takes the functions' key, and shows it", async () => {
    expect([await ask(home), await ask(peer)]).toEqual([200, 200]);
    expect(world.status().payments).toEqual({ url: `http://127.0.0.1:${paymentPort}`, running: true });
    expect(await world.paymentLedger()).toEqual({ payments: [] });
  });

  it("breaks and heals it as it does everything", async () => {
    expect(world.apply({ type: "pay", set: { failShare: 1 } })).toEqual({
      ok: true,
      said: ["now: payments: 100% of calls fail"],
    });
    world.apply({ type: "cut", from: peer, to: "payments" });
    expect(await ask(home)).toBe(500);
    await expect(ask(peer)).rejects.toThrow("fetch failed");
    expect(world.status().faults).toContain("payments: 100% of calls fail");
    world.apply({ type: "heal" });
    expect([await ask(home), await ask(peer)]).toEqual([200, 200]);
  });
});

describe("a world that cannot be finished", () => {
  it("leaves no payment sandbox behind", async () => {
    const before = runningProcesses().length;
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      await expect(
        startWorld({ graphs: graphs(), products: 1, ports: { [peer]: { api: port, endpoint: 0 } } }),
      ).rejects.toThrow(PortTakenError);
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
    expect(runningProcesses()).toHaveLength(before);
  });

  it("says in one line that it has no payment sandbox", async () => {
    await expect(startWorld({ graphs: graphs(), paymentSandbox: "/nowhere/main.ts" })).rejects.toMatchObject({
      name: "SandboxError",
      message: expect.stringContaining("did not start"),
    });
  });
});
