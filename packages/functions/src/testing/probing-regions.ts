import {
  type DrainNews,
  err,
  type FailoverKind,
  type Look,
  type Origin,
  ok,
  originOf,
  regions,
} from "@antipode/core";
import { createFakeItems, type FakeItems } from "@antipode/core/testing";
import type { ProberDeps } from "../prober/probe-round.ts";
import { createSayWithheld } from "../prober/say-withheld.ts";
import {
  createRecordingLog,
  createRecordingMeasurements,
  createStepClock,
  type RecordingLog,
  testDeployment,
} from "./test-world.ts";

export interface ProbingRegion {
  readonly name: string;
  readonly deps: ProberDeps;
  readonly items: FakeItems;
  readonly log: RecordingLog;
  /** What its functions were told. */
  readonly told: { readonly kind: FailoverKind; readonly news: DrainNews }[];
  readonly recorded: ReturnType<typeof createRecordingMeasurements>["recorded"];
}

/** The configured regions with a prober each, on one clock. Who is in `sick` fails every look. */
export function createProbingRegions() {
  const clock = createStepClock();
  const sick = new Set<string>();
  /** Regions whose topics take nothing. */
  const mute = new Set<string>();
  const lookAt = async (region: string): Promise<Look> =>
    sick.has(region) ? { type: "failed", reason: "status 503" } : { type: "well", latencyMs: 80 };
  const all = regions.map((entry): ProbingRegion => {
    const log = createRecordingLog();
    const measurements = createRecordingMeasurements();
    const origin: Origin = originOf(entry);
    const items = createFakeItems(origin);
    const deployment = testDeployment(entry.name);
    const told: ProbingRegion["told"] = [];
    const tell = async (kind: FailoverKind, news: DrainNews) => {
      if (mute.has(entry.name)) {
        return err("ThrottledException: too many");
      }
      told.push({ kind, news });
      return ok(undefined);
    };
    return {
      name: entry.name,
      items,
      log,
      recorded: measurements.recorded,
      told,
      deps: {
        items,
        deployment,
        lookAt,
        tell,
        sayWithheld: createSayWithheld(log),
        clock,
        log,
        measurements,
      },
    };
  });
  return {
    all,
    sick,
    mute,
    clock,
    region(name: string): ProbingRegion {
      const found = all.find((one) => one.name === name);
      if (found === undefined) {
        throw new Error(`no region ${name}`);
      }
      return found;
    },
    /** Everything that a region says of itself, everywhere. */
    replicate(from: readonly ProbingRegion[] = all) {
      for (const { items } of from) {
        const said = items.dump("Control").filter(({ pk }) => pk === `REGION#${items.origin}`);
        for (const other of all.filter((one) => one.items !== items)) {
          other.items.load("Control", said);
        }
      }
    },
  };
}
