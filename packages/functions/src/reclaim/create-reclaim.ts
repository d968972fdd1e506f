import {
  defaultLeaseSettings,
  type ItemKey,
  type Origin,
  ok,
  partitionToSku,
  type Result,
  reclaimableAtMs,
  type Sku,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { notEnoughTime, type ReclaimAnswer, type Refusal, reclaimRequestSchema, refuse } from "./answer.ts";
import { fenceEverywhere } from "./fence-everywhere.ts";
import { type Lost, reclaimSku } from "./reclaim-sku.ts";
import { readWitnessed } from "./witnessed.ts";

/** What reclaiming takes: no carts, no payments. */
export type ReclaimDeps = Pick<SellingDeps, "items" | "remote" | "peers" | "deployment" | "clock" | "log">;

const pageSize = 500;
/** One SKU reads every region and writes once. */
const timeNeededMs = 20_000;

interface Walked {
  readonly units: number;
  readonly skus: number;
  readonly after?: ItemKey;
}

/** Reclaims SKU after SKU, as this region's replica lists them. */
async function walk(
  deps: ReclaimDeps,
  lost: Lost,
  start: ItemKey | undefined,
  timeLeftMs: () => number,
): Promise<Result<Walked, Refusal>> {
  const witnessed = await readWitnessed(deps, lost.lost, timeLeftMs);
  if (!witnessed.ok) {
    return refuse(witnessed.error.type, witnessed.error);
  }
  const counts = { units: 0, skus: 0 };
  let last: Sku | undefined;
  let passed: ItemKey | undefined;
  let after = start;
  do {
    if (timeLeftMs() < timeNeededMs) {
      return outOfTime(counts, passed);
    }
    const page = await deps.items.scan("Stock", {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    if (!page.ok) {
      return refuse(page.error.type, page.error);
    }
    for (const { pk, sk } of page.value.items) {
      const sku = partitionToSku(pk);
      if (sku !== undefined && sku !== last) {
        if (timeLeftMs() < timeNeededMs) {
          return outOfTime(counts, passed);
        }
        const units = await reclaimSku(deps, sku, lost, witnessed.value.get(sku) ?? []);
        if (!units.ok) {
          return refuse(units.error.type, { sku, cause: units.error });
        }
        last = sku;
        counts.units += units.value;
        counts.skus += units.value > 0 ? 1 : 0;
      }
      passed = { pk, sk };
    }
    after = page.value.next;
  } while (after !== undefined);
  return ok(counts);
}

/** The next run begins behind what this one has passed; one that has passed nothing would be repeated for ever. */
function outOfTime(counts: Walked, passed: ItemKey | undefined): Result<Walked, Refusal> {
  if (passed === undefined) {
    const short = notEnoughTime("looking through the orders leaves no time for a single SKU");
    return refuse(short.type, short);
  }
  return ok({ ...counts, after: passed });
}

async function run(
  deps: ReclaimDeps,
  event: unknown,
  timeLeftMs: () => number,
): Promise<Result<ReclaimAnswer, Refusal>> {
  const request = reclaimRequestSchema.safeParse(event);
  if (!request.success) {
    return refuse("malformed-request", request.error.issues);
  }
  const { origin: lostOrigin, after } = request.data;
  const configured: readonly Origin[] = deps.deployment.regions.map((region) => region.origin);
  const lost: Lost = { lost: lostOrigin, survivors: configured.filter((one) => one !== lostOrigin) };
  const fences = await fenceEverywhere(deps, lost);
  if (!fences.ok) {
    return fences;
  }
  const at = reclaimableAtMs(
    { lost: lostOrigin, reclaimer: deps.deployment.origin, configured, fences: fences.value },
    defaultLeaseSettings,
  );
  if (!at.ok) {
    return refuse(at.error.type, at.error);
  }
  if (deps.clock.nowMs() < at.value) {
    return ok({ type: "waiting", until: new Date(at.value).toISOString() });
  }
  const walked = await walk(deps, lost, after, timeLeftMs);
  if (!walked.ok) {
    return walked;
  }
  deps.log.warn("stock reclaimed", { lost: lostOrigin, ...walked.value });
  const { units, skus, after: next } = walked.value;
  return ok(next === undefined ? { type: "done", units, skus } : { type: "more", after: next, units, skus });
}

/**
 * Takes over the rights of a lost region, for the region that it runs in: fences it everywhere, waits out its lease, and
 * reclaims its cells. An operator invokes it again and again until it says that it is done; each run may be repeated.
 */
export function createReclaim(deps: ReclaimDeps) {
  return async (event: unknown, timeLeftMs: () => number): Promise<ReclaimAnswer> => {
    const answer = await run(deps, event, timeLeftMs);
    if (!answer.ok) {
      const { reason, detail } = answer.error;
      deps.log.warn("reclaiming is refused", { request: event, reason, cause: detail });
    }
    return answer.ok ? answer.value : answer.error;
  };
}
