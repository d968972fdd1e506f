import { adminClaims, isShopperId, sessionClaims, sessionLifetimeMs, ulidTimeMs } from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startMs, testDeployment, testKeySet } from "../testing/test-world.ts";
import { linkedDeployment, linkedName, linkedSecret } from "./deployment.ts";
import { createLog } from "./log.ts";
import { createMeasurements } from "./measurements.ts";
import { createRandomness } from "./randomness.ts";
import { createSessions, parseKeySet } from "./sessions.ts";

const shopper = ulidAt(startMs, 1);
const claims = isShopperId(shopper) ? sessionClaims(shopper, startMs) : undefined;
const key = (byte: number, kid: string) => ({ kid, secret: Buffer.alloc(32, byte).toString("base64url") });
const sessions = (...keys: ReturnType<typeof key>[]) => createSessions(parseKeySet(JSON.stringify(keys)));

async function sign(by: ReturnType<typeof sessions>): Promise<string> {
  if (claims === undefined) {
    throw new Error("no claims");
  }
  return by.sign(claims);
}

describe("sessions", () => {
  const [one, two] = [key(1, "k1"), key(2, "k2")];

  test("are verified by every key of the set, so that keys rotate", async () => {
    const old = await sign(sessions(one));
    const good = { ok: true, value: { type: "shopper", shopper, expiresAtMs: startMs + sessionLifetimeMs } };
    expect(await sessions(one).verify(old, startMs)).toEqual(good);
    expect(await sessions(two, one).verify(old, startMs)).toEqual(good);
    expect(await sessions(two).verify(old, startMs)).toEqual({
      ok: false,
      error: { type: "invalid-session" },
    });
  });

  test("expire", async () => {
    const token = await sign(sessions(one));
    expect(await sessions(one).verify(token, startMs + sessionLifetimeMs + 61_000)).toEqual({
      ok: false,
      error: { type: "session-expired", scope: "shopper" },
    });
  });

  test("expire as what they were, an operator's too", async () => {
    const operators = adminClaims("alice", startMs, 3_600_000);
    if (!operators.ok) throw new Error(operators.error.type);
    const token = await sessions(one).sign(operators.value);
    expect(await sessions(one).verify(token, startMs + 3_661_000)).toEqual({
      ok: false,
      error: { type: "session-expired", scope: "admin" },
    });
  });

  test("of another key, algorithm, issuer or none are invalid", async () => {
    const secret = Buffer.alloc(32, 1);
    const forged = await Promise.all([
      sign(sessions(key(9, "k1"))),
      new SignJWT({ ...claims }).setProtectedHeader({ alg: "HS512", kid: "k1" }).sign(secret),
      new SignJWT({ ...claims }).setProtectedHeader({ alg: "HS256" }).sign(secret),
      new SignJWT({ ...claims, iss: "x" }).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(secret),
      new SignJWT({ ...claims, sub: "x" }).setProtectedHeader({ alg: "HS256", kid: "k1" }).sign(secret),
      new UnsecuredJWT({ ...claims }).encode(),
      "",
      "a.b.c",
    ]);
    for (const token of forged) {
      expect(await sessions(one).verify(token, startMs)).toEqual({
        ok: false,
        error: { type: "invalid-session" },
      });
    }
  });

  test.each([
    ["no JSON", "{"],
    ["no keys", "[]"],
    ["a short key", JSON.stringify([{ kid: "a", secret: "AAAA" }])],
    ["no base64url", JSON.stringify([{ kid: "a", secret: "?".repeat(43) }])],
    ["one kid twice", JSON.stringify([key(1, "a"), key(2, "a")])],
  ])("do not start with %s", (_what, text) => {
    expect(() => parseKeySet(text)).toThrow();
  });
});

describe("links", () => {
  const links = {
    Deployment: testDeployment(),
    Carts: { name: "antipode-prod-Carts", type: "sst.aws.Dynamo" },
    SessionKeys: { value: testKeySet },
  };

  test("say where a function runs and what its tables are called", () => {
    expect(linkedDeployment(links)).toEqual(testDeployment());
    expect(linkedName(links, "Carts")).toBe("antipode-prod-Carts");
    expect(parseKeySet(linkedSecret(links, "SessionKeys"))).toHaveLength(2);
  });

  test("that are missing or malformed stop the start", () => {
    expect(() => linkedName(links, "Views")).toThrow();
    expect(() => linkedSecret(links, "Carts")).toThrow();
    expect(() => linkedDeployment({})).toThrow();
    expect(() => linkedDeployment({ Deployment: { ...testDeployment(), origin: "us-east-1" } })).toThrow();
  });
});

test("ULIDs of one instance sort as they were made", () => {
  const randomness = createRandomness();
  const ids = Array.from({ length: 100 }, () => randomness.ulid(startMs));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(100);
});

test("ids follow a clock that is set back, and not its future", () => {
  const randomness = createRandomness();
  randomness.ulid(startMs + 3_600_000);
  expect(ulidTimeMs(randomness.ulid(startMs))).toBe(startMs);
  const jittered = [randomness.ulid(startMs + 5), randomness.ulid(startMs)];
  expect([...jittered].sort()).toEqual(jittered);
});

describe("what is written for CloudWatch", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  function capture(): string[] {
    const lines: string[] = [];
    vi.stubEnv("POWERTOOLS_DEV", "true"); // sends both through the global console, which a test can watch
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    const keep = (line: unknown) => {
      lines.push(String(line));
    };
    vi.spyOn(console, "log").mockImplementation(keep);
    vi.spyOn(console, "info").mockImplementation(keep);
    vi.spyOn(console, "error").mockImplementation(keep);
    return lines;
  }

  test("metrics are in the embedded format, with unit and dimensions, at most 100 values a line", () => {
    const lines = capture();
    createMeasurements(testDeployment()).record("ReplicationLag", Array(150).fill(7), { peer: "eu-west-1" });
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries.map((entry) => entry.ReplicationLag.length)).toEqual([100, 50]);
    expect(entries[0]).toMatchObject({ environment: "test", peer: "eu-west-1" });
    expect(entries[0]._aws.CloudWatchMetrics[0]).toMatchObject({
      Namespace: "Antipode",
      Metrics: [{ Name: "ReplicationLag", Unit: "Milliseconds" }],
    });
    expect(entries[0]._aws.CloudWatchMetrics[0].Dimensions[0].sort()).toEqual([
      "environment",
      "peer",
      "service",
    ]);
  });

  test("logs are JSON lines with environment and region, and errors have a stack", () => {
    const lines = capture();
    const log = createLog(testDeployment());
    log.info("served", { requestId: "r1", status: 200 });
    log.error("a bug", { error: new Error("no") });
    const [served, bug] = lines.map((line) => JSON.parse(line));
    expect(served).toMatchObject({
      level: "INFO",
      message: "served",
      environment: "test",
      region: "us-east-1",
      requestId: "r1",
    });
    expect(bug).toMatchObject({ level: "ERROR", error: { name: "Error", message: "no" } });
  });
});
