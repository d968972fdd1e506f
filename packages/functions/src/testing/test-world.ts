import { adminClaims, type Clock, originOf, type Randomness, type Sessions, type Ulid } from "@antipode/core";
import {
  createFakeItems,
  createFakeRemoteRead,
  type FakeItems,
  type FakeRemoteRead,
  ulidAt,
} from "@antipode/core/testing";
import { createApi } from "../api/create-api.ts";
import type { ApiDeps } from "../api/deps.ts";
import { createSellingRights } from "../control/selling-rights.ts";
import { createHealth } from "../health/create-health.ts";
import type { Deployment } from "../platform/deployment.ts";
import type { Log, LogFields } from "../platform/log.ts";
import type { Measurements, MetricName } from "../platform/measurements.ts";
import { createSessions, parseKeySet } from "../platform/sessions.ts";

export const startMs = 1_760_000_000_000;

export interface StepClock extends Clock {
  advance(ms: number): void;
}

export function createStepClock(nowMs = startMs): StepClock {
  let now = nowMs;
  return {
    nowMs: () => now,
    advance(ms) {
      now += ms;
    },
  };
}

/** ULIDs that count up: a run of a test names things as the run before did. */
export function createCountingRandomness(): Randomness {
  let count = 0;
  return {
    ulid(nowMs): Ulid {
      count += 1;
      return ulidAt(nowMs, count);
    },
  };
}

export interface LogEntry extends LogFields {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

export interface RecordingLog extends Log {
  readonly entries: readonly LogEntry[];
}

export function createRecordingLog(): RecordingLog {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry["level"]) =>
    (message: string, fields: LogFields = {}) => {
      entries.push({ ...fields, level, message });
    };
  return { entries, info: at("info"), warn: at("warn"), error: at("error") };
}

export interface Measured {
  readonly name: MetricName;
  readonly values: readonly number[];
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface RecordingMeasurements extends Measurements {
  readonly recorded: readonly Measured[];
}

export function createRecordingMeasurements(): RecordingMeasurements {
  const recorded: Measured[] = [];
  return {
    recorded,
    record(name, values, dimensions = {}) {
      recorded.push({ name, values: [...values], dimensions });
    },
  };
}

/** An operator's token as `npm run token` makes it. */
export async function adminToken(sessions: Sessions, nowMs = startMs): Promise<string> {
  const claims = adminClaims("alice", nowMs, 8 * 3_600_000);
  if (!claims.ok) {
    throw new Error(claims.error.type);
  }
  return sessions.sign(claims.value);
}

const regionNames = ["us-east-1", "eu-west-1", "ap-south-1", "ap-east-1"];
const regions = regionNames.map((name) => ({ name, origin: originOf({ name, incarnation: 1 }) }));

export function testDeployment(region = "us-east-1", domain = "shop.example"): Deployment {
  return {
    environment: "test",
    region,
    origin: originOf({ name: region, incarnation: 1 }),
    regions,
    domain,
  };
}

const secret = (byte: number) => Buffer.alloc(32, byte).toString("base64url");
export const testKeySet = JSON.stringify([
  { kid: "k2", secret: secret(2) },
  { kid: "k1", secret: secret(1) },
]);

export interface TestApi extends ApiDeps {
  readonly app: ReturnType<typeof createApi>;
  /** The Health function beside it, over the same tables. */
  readonly health: ReturnType<typeof createHealth>;
  readonly items: FakeItems;
  readonly remote: FakeRemoteRead;
  readonly clock: StepClock;
  readonly log: RecordingLog;
  readonly measurements: RecordingMeasurements;
}

/** One region's API over the in-memory fake of the items port. */
export function createTestApi(region = "us-east-1", overrides: Partial<ApiDeps> = {}): TestApi {
  const deployment = testDeployment(region);
  const deps = {
    deployment,
    items: createFakeItems(deployment.origin),
    remote: createFakeRemoteRead({}),
    sessions: createSessions(parseKeySet(testKeySet)),
    clock: createStepClock(),
    randomness: createCountingRandomness(),
    delay: () => new Promise<void>(() => {}),
    log: createRecordingLog(),
    measurements: createRecordingMeasurements(),
  };
  const world = { ...deps, rights: createSellingRights({ ...deps, ...overrides }) };
  const given = { ...world, ...overrides };
  return { ...world, app: createApi(given), health: createHealth(given) };
}

/**
 * The same shop in every region, each with tables of its own: `replicateAll` is the global table. Regions read from
 * each other until a test cuts one off: `api.remote.setUnreachable(region)`.
 */
export function createTestApis(overrides: Partial<ApiDeps> = {}): readonly TestApi[] {
  const clock = createStepClock();
  const randomness = createCountingRandomness();
  const itemsByRegion = Object.fromEntries(
    regions.map(({ name, origin }) => [name, createFakeItems(origin)] as const),
  );
  return Object.entries(itemsByRegion).map(([region, items]) => {
    const peers = Object.fromEntries(Object.entries(itemsByRegion).filter(([name]) => name !== region));
    const own = { items, remote: createFakeRemoteRead(peers), clock, randomness };
    return { ...createTestApi(region, { ...own, ...overrides }), ...own };
  });
}
