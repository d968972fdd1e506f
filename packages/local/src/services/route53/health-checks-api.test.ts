import {
  CreateHealthCheckCommand,
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkId } from "./testing/record-sets.ts";
import { address, httpsCheck, type Route53Bench, startRoute53Bench } from "./testing/route53-bench.ts";

let bench: Route53Bench;

beforeEach(async () => {
  bench = await startRoute53Bench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const create = (CallerReference: string, HealthCheckConfig: HealthCheckConfig) =>
  bench.client.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }));

describe("health checks", () => {
  it("are made, read and changed, each change another version", async () => {
    const made = await create("c1", httpsCheck("eu-west-1.shop.test"));
    const id = made.HealthCheck?.Id ?? "";
    expect(made.Location).toBe(`https://route53.amazonaws.com/2013-04-01/healthcheck/${id}`);
    expect(made.HealthCheck).toMatchObject({
      CallerReference: "c1",
      HealthCheckVersion: 1,
      HealthCheckConfig: {
        ...httpsCheck("eu-west-1.shop.test"),
        Port: 443,
        Inverted: false,
        Disabled: false,
        EnableSNI: true,
      },
    });
    const update = (more: object) =>
      bench.client.send(new UpdateHealthCheckCommand({ HealthCheckId: id, ...more }));
    const updated = await update({ HealthCheckVersion: 1, ResourcePath: "ready", Inverted: true });
    const read = await bench.client.send(new GetHealthCheckCommand({ HealthCheckId: id }));
    expect(read.HealthCheck).toEqual(updated.HealthCheck);
    expect(read.HealthCheck).toMatchObject({
      HealthCheckVersion: 2,
      HealthCheckConfig: { ResourcePath: "/ready", Inverted: true, FailureThreshold: 3 },
    });
    await expect(update({ HealthCheckVersion: 1 })).rejects.toMatchObject({
      name: "HealthCheckVersionMismatch",
    });
  });

  it("are the same when the same request comes again, and refused when it says something else", async () => {
    const first = await create("c1", httpsCheck("a.shop.test"));
    const again = await create("c1", httpsCheck("a.shop.test"));
    expect(again.HealthCheck).toEqual(first.HealthCheck);
    await expect(create("c1", httpsCheck("b.shop.test"))).rejects.toMatchObject({
      name: "HealthCheckAlreadyExists",
    });
  });

  it("poll, and turn the answers", async () => {
    const id = await bench.createCheck("c1", httpsCheck("eu-west-1.shop.test"));
    await bench.change(
      "CREATE",
      { ...address("f.shop.test", "192.0.2.1"), SetIdentifier: "1", Failover: "PRIMARY", HealthCheckId: id },
      { ...address("f.shop.test", "192.0.2.2"), SetIdentifier: "2", Failover: "SECONDARY" },
    );
    const status = () => bench.client.send(new GetHealthCheckStatusCommand({ HealthCheckId: id }));
    expect((await status()).HealthCheckObservations).toEqual([]);
    await bench.time.advance(30_000);
    expect(bench.addressesOf("f.shop.test")).toEqual(["192.0.2.1"]);
    bench.statuses["eu-west-1.shop.test"] = 503;
    await bench.time.advance(30_000);
    expect(bench.addressesOf("f.shop.test")).toEqual(["192.0.2.2"]);
    expect(bench.route53.checks.isHealthy(checkId(id))).toBe(false);
    const { HealthCheckObservations = [] } = await status();
    expect(HealthCheckObservations).toHaveLength(8);
    expect(HealthCheckObservations[0]).toMatchObject({
      Region: "us-east-1",
      StatusReport: { Status: "Failure: HTTP Status Code 503, X" },
    });
  });

  it("keep what their checkers know when they are only turned round", async () => {
    const id = await bench.createCheck("c1", httpsCheck("eu-west-1.shop.test"));
    bench.statuses["eu-west-1.shop.test"] = 500;
    await bench.time.advance(40_000);
    await bench.client.send(new UpdateHealthCheckCommand({ HealthCheckId: id, Inverted: true }));
    expect(bench.route53.checks.isHealthy(checkId(id))).toBe(true);
    await bench.client.send(new UpdateHealthCheckCommand({ HealthCheckId: id, ResourcePath: "/other" }));
    expect(
      bench.route53.checks.isHealthy(checkId(id)),
      "a new path is healthy until it is known better",
    ).toBe(false);
  });

  it("add up, without children of children", async () => {
    const ids: Record<string, string> = {};
    for (const name of ["own1", "own2", "vote1", "vote2"]) {
      const made = await create(name, httpsCheck(`${name}.shop.test`, { Inverted: name.startsWith("vote") }));
      ids[name] = made.HealthCheck?.Id ?? "";
    }
    const sum = async (name: string, HealthThreshold: number, ...children: string[]) => {
      const ChildHealthChecks = children.map((child) => ids[child] ?? "");
      const made = await create(name, { Type: "CALCULATED", HealthThreshold, ChildHealthChecks });
      ids[name] = made.HealthCheck?.Id ?? "";
      expect(made.HealthCheck?.HealthCheckConfig).toMatchObject({ HealthThreshold, ChildHealthChecks });
    };
    await sum("region", 3, "own1", "own2", "vote1", "vote2");
    const isOpen = () => bench.route53.checks.isHealthy(checkId(ids["region"] ?? ""));
    bench.statuses = { "vote1.shop.test": 404, "vote2.shop.test": 404 };
    await bench.time.advance(40_000);
    expect(isOpen()).toBe(true);
    bench.statuses = { "vote1.shop.test": 200, "vote2.shop.test": 404 };
    await bench.time.advance(40_000);
    expect(isOpen()).toBe(true);
    bench.statuses = { "vote1.shop.test": 200, "vote2.shop.test": 200 };
    await bench.time.advance(40_000);
    expect(isOpen()).toBe(false);
    const fewer = new UpdateHealthCheckCommand({ HealthCheckId: ids["region"] ?? "", HealthThreshold: 2 });
    await bench.client.send(fewer);
    expect(isOpen(), "its children stay, and its own answers are enough now").toBe(true);
    await expect(sum("above", 1, "region")).rejects.toThrow("is calculated");
    const itself = new UpdateHealthCheckCommand({
      HealthCheckId: ids["region"] ?? "",
      ChildHealthChecks: [ids["region"] ?? ""],
    });
    await expect(bench.client.send(itself)).rejects.toThrow("is calculated");
    await expect(
      bench.client.send(new GetHealthCheckStatusCommand({ HealthCheckId: ids["region"] ?? "" })),
    ).rejects.toMatchObject({ name: "InvalidInput" });
  });

  it("end with the world", async () => {
    await bench.createCheck("c1", httpsCheck("eu-west-1.shop.test"));
    expect(bench.time.scheduled()).toBeGreaterThan(0);
    bench.route53.stop();
    expect(bench.time.scheduled()).toBe(0);
  });

  it.each<[string, HealthCheckConfig, string]>([
    [
      "an interval of 20",
      httpsCheck("a.test", { RequestInterval: 20 }),
      "RequestInterval is 10 or 30, not 20",
    ],
    ["a threshold of 11", httpsCheck("a.test", { FailureThreshold: 11 }), "less than or equal to 10"],
    ["a threshold of 0", httpsCheck("a.test", { FailureThreshold: 0 }), "greater than or equal to 1"],
    ["no name", { Type: "HTTPS" }, "FullyQualifiedDomainName is missing"],
    ["no children", { Type: "CALCULATED", HealthThreshold: 1 }, "1 to 255 members"],
    ["a child that is not there", { Type: "CALCULATED", ChildHealthChecks: ["x"] }, "x does not exist"],
    ["a kind that is not built", { Type: "TCP" }, "does not implement health checks of type TCP"],
    [
      "an address",
      httpsCheck("a.test", { IPAddress: "192.0.2.1" }),
      "does not implement a health check's IPAddress",
    ],
    ["no SNI", httpsCheck("a.test", { EnableSNI: false }), "does not implement a health check without SNI"],
    ["its latency measured", httpsCheck("a.test", { MeasureLatency: true }), "MeasureLatency"],
  ])("with %s are refused", async (_, config, message) => {
    await expect(create("c", config)).rejects.toThrow(message);
  });
});
