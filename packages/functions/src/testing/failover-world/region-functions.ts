import { type Clock, type Origin, ok, originRegion, parseKey, type StoredItem } from "@antipode/core";
import { createFakeItems, createFakeRemoteRead, type Version } from "@antipode/core/testing";
import { createApi } from "../../api/create-api.ts";
import { keepControl } from "../../control/keep-control.ts";
import type { StreamChange } from "../../dispatcher/record.ts";
import { createHearNews } from "../../failover/hear-news.ts";
import { createHealth } from "../../health/create-health.ts";
import type { Deployment } from "../../platform/deployment.ts";
import type { Log } from "../../platform/log.ts";
import type { Measurements } from "../../platform/measurements.ts";
import { createProber } from "../../prober/create-prober.ts";
import { createLookAt } from "../../prober/look-at.ts";
import { createCountingRandomness } from "../test-world.ts";
import { createControlItems } from "./control-items.ts";
import { createMinuteRuns } from "./minute-runs.ts";
import { createReplicaView } from "./replica-view.ts";
import { createRunFunctions, type Outside } from "./run-functions.ts";
import type { WrongChange } from "./wrong-change.ts";

/** Nobody reads these. */
const log: Log = { info: () => {}, warn: () => {}, error: () => {} };
const measurements: Measurements = { record: () => {} };

export interface RegionFunctionsOptions {
  readonly origin: Origin;
  readonly configured: readonly Origin[];
  readonly clock: Clock;
  /** How this region reaches the others' public addresses. */
  readonly fetch: typeof fetch;
  /** Time without the region's own clock. */
  readonly worldNowMs: () => number;
  readonly onWrite: (item: StoredItem) => void;
  /** What Failover and Recovery reach outside. */
  readonly outside: Outside;
  readonly chance: () => number;
  /** The topics that the prober tells them by. */
  readonly doesTopicRefuse: () => boolean;
  readonly wrong: WrongChange;
}

function deploymentOf(origin: Origin, configured: readonly Origin[]): Deployment {
  return {
    environment: "test",
    region: originRegion(origin),
    origin,
    regions: configured.map((one) => ({ name: originRegion(one), origin: one })),
    domain: "shop.example",
  };
}

function changeOf(item: StoredItem): StreamChange {
  const key = { pk: item.pk, sk: item.sk };
  const parsed = parseKey("Control", key);
  if (!parsed.ok) {
    throw new Error(`${item.pk} ${item.sk}: ${parsed.error.reason}`);
  }
  return { sequenceNumber: "1", eventName: "MODIFY", key, parsed: parsed.value, item };
}

/** One region's functions on a replica of its own: its prober, its dispatcher of Control, its API. */
export function createRegionFunctions(options: RegionFunctionsOptions) {
  const { origin, configured, clock, onWrite, wrong } = options;
  const deployment = deploymentOf(origin, configured);
  const fake = createFakeItems(origin);
  let version: Version = "same";
  const replica = createReplicaView(origin, () => version);
  const items = createControlItems(fake, {
    version: () => version,
    onWrite(item) {
      replica.take(item);
      onWrite(item);
    },
  });
  const bugs: unknown[] = [];

  const handle = keepControl({ items: wrong.dispatcherItems?.(items) ?? items, deployment, clock, log });
  const look = createLookAt({
    urlOf: (region) => `https://${region}.shop.example`,
    fetch: options.fetch,
    nowMs: clock.nowMs,
  });
  const lookAt = wrong.lookAt?.(look, deployment) ?? look;
  const randomness = createCountingRandomness();
  const hearing = { deployment, clock, log, measurements, chance: options.chance, delay: async () => {} };
  const runs = createRunFunctions({
    ...hearing,
    items: wrong.runItems?.(items, origin) ?? items,
    randomness,
    configured,
    outside: options.outside,
    worldNowMs: options.worldNowMs,
    doesTopicRefuse: options.doesTopicRefuse,
    onFailure: (error) => bugs.push(error),
  });
  const prober = createMinuteRuns({
    nowMs: options.worldNowMs,
    run: (delay, timeLeftMs) =>
      createProber({
        items: wrong.proberItems?.(items, deployment, clock.nowMs) ?? items,
        deployment,
        lookAt,
        tell: wrong.tell?.(runs.tell) ?? runs.tell,
        clock,
        log,
        measurements,
        delay,
      })(() => wrong.timeLeftMs?.(timeLeftMs()) ?? timeLeftMs()),
    onFailure: (error) => bugs.push(error),
  });
  const apiDeps = {
    deployment,
    items: wrong.apiItems?.(items, deployment) ?? items,
    remote: createFakeRemoteRead({}),
    sessions: {
      sign: async () => "token",
      verify: async (_token: string, nowMs: number) =>
        ok({ type: "admin" as const, operator: "alice", expiresAtMs: nowMs + 3_600_000 }),
    },
    rights: async () => ok({ leaseRunning: true, fenced: new Set<Origin>() }),
    clock,
    randomness,
    delay: () => new Promise<void>(() => {}),
    log,
    measurements,
  };
  const api = createApi(apiDeps);
  const health = createHealth(apiDeps);

  const hear = createHearNews({ ...hearing, items }, async () => {});

  return {
    origin,
    prober,
    runs,
    bugs: bugs as readonly unknown[],
    request: async (path: string, init?: RequestInit): Promise<Response> =>
      (/^\/(health|ramped|drain-votes)\b/.test(path) ? health : api).request(path, init),

    /** Replication has brought it. */
    receive(item: StoredItem): void {
      fake.load("Control", [item]);
      replica.take(item);
    },

    /** SNS or EventBridge invokes the function that hears alarms. */
    async hear(event: unknown): Promise<void> {
      await hear(wrong.news?.(event) ?? event);
    },

    /** The stream of Control shows these to the dispatcher. */
    async dispatch(changed: readonly StoredItem[]): Promise<void> {
      const groups = Map.groupBy(changed.map(changeOf), ({ key }) => key.pk);
      for (const group of groups.values()) {
        const handled = await handle(group);
        if (!handled.ok) {
          bugs.push(handled.error);
        }
      }
    },

    runVersion(next: Version): void {
      version = next;
      replica.forget();
    },

    sight: replica.sight,
    votes: replica.votes,
    failoverSight: replica.failoverSight,
  };
}

export type RegionFunctions = ReturnType<typeof createRegionFunctions>;
