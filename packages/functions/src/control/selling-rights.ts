import {
  type Clock,
  defaultLeaseSettings,
  fencedOrigins,
  type Items,
  isLeaseRunning,
  leaseUntilMs,
  type Origin,
  ok,
  type Result,
} from "@antipode/core";
import type { Deployment } from "../platform/deployment.ts";
import { type ControlError, type RegionControl, readControl } from "./read-control.ts";

/** Whether this region may sell and give units away, and to whom. */
export interface SellingRights {
  readonly leaseRunning: boolean;
  /** Until when by this region's clock; absent when no majority has heard it. */
  readonly leaseUntilMs?: number;
  /** Origins whose cells get nothing from here and give nothing to here any more. */
  readonly fenced: ReadonlySet<Origin>;
}

/**
 * Whether a region sells, in a word for shoppers and operators. `no-lease`: no majority has heard it lately, and it sells again
 * by itself once one has. `fenced`: it was given up, for good. `unknown`: what the regions say of it cannot be read now.
 */
export const sellingWords = ["yes", "no-lease", "fenced", "unknown"] as const;

export type Selling = (typeof sellingWords)[number];

export function sellingOf({ leaseRunning, fenced }: SellingRights, me: Origin): Exclude<Selling, "unknown"> {
  if (fenced.has(me)) {
    return "fenced";
  }
  return leaseRunning ? "yes" : "no-lease";
}

/** As read a minute ago at most: reclaiming waits much longer than that. */
export type ReadSellingRights = () => Promise<Result<SellingRights, ControlError>>;

/** Echoes come every minute and a lease lasts for hours. */
const rightsAgeMaxMs = 60_000;

/** A region that has just come up, or has been heard again, should not wait a minute to sell. */
const noRightsAgeMaxMs = 1_000;

/** Everything that any region has fenced, as this region's replica has it. */
export function fencesIn(controls: readonly RegionControl[]): ReadonlySet<Origin> {
  return fencedOrigins(controls.flatMap(({ fences }) => (fences === undefined ? [] : [fences])));
}

/** What the regions' items say of this region's right to sell. Whoever was fenced by anybody never sells again. */
export function rightsOf(
  controls: readonly RegionControl[],
  { deployment, nowMs }: { readonly deployment: Deployment; readonly nowMs: number },
): SellingRights {
  const me = deployment.origin;
  const own = controls.find(({ origin }) => origin === me);
  const fenced = fencesIn(controls);
  const until = leaseUntilMs(
    {
      own: own?.heartbeat,
      echoes: controls.flatMap(({ echoes }) => (echoes === undefined ? [] : [echoes])),
      configured: deployment.regions.map(({ origin }) => origin),
      fenced,
    },
    defaultLeaseSettings,
  );
  return {
    leaseRunning: isLeaseRunning(until, nowMs),
    ...(until === undefined ? {} : { leaseUntilMs: until }),
    fenced,
  };
}

/** Reads the rights of this region and keeps them for a while, in each function instance. */
export function createSellingRights(deps: {
  readonly items: Items;
  readonly clock: Clock;
  readonly deployment: Deployment;
}): ReadSellingRights {
  const { clock, deployment } = deps;
  let kept: { readonly atMs: number; readonly rights: SellingRights } | undefined;

  const isFresh = (nowMs: number) => {
    if (kept === undefined) {
      return false;
    }
    const { atMs, rights } = kept;
    const ageMax = rights.leaseRunning ? rightsAgeMaxMs : noRightsAgeMaxMs;
    const running = rights.leaseRunning && isLeaseRunning(rights.leaseUntilMs, nowMs);
    // the distance, not the difference: a clock that was set back must not keep an answer for ever
    return running === rights.leaseRunning && Math.abs(nowMs - atMs) < ageMax;
  };

  return async () => {
    const nowMs = clock.nowMs();
    if (kept !== undefined && isFresh(nowMs)) {
      return ok(kept.rights);
    }
    const controls = await readControl(
      deps,
      deployment.regions.map(({ origin }) => origin),
    );
    if (!controls.ok) {
      return controls;
    }
    const rights = rightsOf(controls.value, { deployment, nowMs });
    kept = { atMs: nowMs, rights };
    return ok(rights);
  };
}
