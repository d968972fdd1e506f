import {
  defaultLeaseSettings,
  type ItemKey,
  type Origin,
  ok,
  partitionToSku,
  type Result,
  reclaimableAtMs,
  type Sku,
  type StorageError,
  type StoredItem,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { notEnoughTime, type ReclaimAnswer, type Refusal, reclaimRequestSchema, refuse } from "./answer.ts";
import { fenceEverywhere } from "./fence-everywhere.ts";
import { type Lost, reclaimSku } from "./reclaim-sku.ts";
import { readWitnessed, type WitnessedHolds } from "./witnessed.ts";

/** What reclaiming takes: no carts, no payments. */
export type ReclaimDeps = Pick<SellingDeps, "items" | "remote" | "peers" | "deployment" | "clock" | "log">;

const pageSize = 500;
/** Each reads every region and writes once; the clients' connections are few. */
const skusAtOnce = 8;
/** For those, at their slowest. */
const timeNeededMs = 20_000;

interface Walked {
  readonly units: number;
  readonly skus: number;
  readonly after?: ItemKey;
}

/** SKUs to reclaim at once, and where they end. */
interface Batch {
  readonly skus: readonly Sku[];
  readonly passed: ItemKey;
}

/** A page of Stock, where the items of one SKU follow each other, in batches; one at least if it has items. */
function batchesIn(items: readonly StoredItem[]): readonly Batch[] {
  const batches: { skus: Sku[]; passed: ItemKey }[] = [];
  let last: Sku | undefined;
  for (const { pk, sk } of items) {
    const sku = partitionToSku(pk);
    const isNew = sku !== undefined && sku !== last;
    const open = batches.at(-1);
    if (open === undefined || (isNew && open.skus.length === skusAtOnce)) {
      batches.push({ skus: isNew ? [sku] : [], passed: { pk, sk } });
    } else {
      open.skus.push(...(isNew ? [sku] : []));
      open.passed = { pk, sk };
    }
    last = sku;
  }
  return batches;
}

/** All SKUs, as this region's replica lists them. One that two pages share comes twice, and is reclaimed once. */
async function* batchesOf(
  { items }: Pick<ReclaimDeps, "items">,
  start: ItemKey | undefined,
): AsyncGenerator<Result<Batch, StorageError>> {
  let after = start;
  do {
    const page = await items.scan("Stock", { limit: pageSize, ...(after === undefined ? {} : { after }) });
    if (!page.ok) {
      yield page;
      return;
    }
    for (const batch of batchesIn(page.value.items)) {
      yield ok(batch);
    }
    after = page.value.next;
  } while (after !== undefined);
}

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
  let passed: ItemKey | undefined;
  for await (const batch of batchesOf(deps, start)) {
    if (!batch.ok) {
      return refuse(batch.error.type, batch.error);
    }
    if (timeLeftMs() < timeNeededMs) {
      return outOfTime(counts, passed);
    }
    const reclaimed = await reclaimBatch(deps, lost, batch.value.skus, witnessed.value);
    if (!reclaimed.ok) {
      return reclaimed;
    }
    counts.units += reclaimed.value.units;
    counts.skus += reclaimed.value.skus;
    passed = batch.value.passed;
  }
  return ok(counts);
}

async function reclaimBatch(
  deps: ReclaimDeps,
  lost: Lost,
  skus: readonly Sku[],
  witnessed: WitnessedHolds,
): Promise<Result<Walked, Refusal>> {
  const outcomes = await Promise.all(
    skus.map(async (sku) => ({ sku, units: await reclaimSku(deps, sku, lost, witnessed.get(sku) ?? []) })),
  );
  const counts = { units: 0, skus: 0 };
  for (const { sku, units } of outcomes) {
    if (!units.ok) {
      return refuse(units.error.type, { sku, cause: units.error });
    }
    counts.units += units.value;
    counts.skus += units.value > 0 ? 1 : 0;
  }
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
