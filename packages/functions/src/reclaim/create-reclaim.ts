import {
  defaultLeaseSettings,
  err,
  type Fences,
  isOrigin,
  type Origin,
  ok,
  originRegion,
  partitionToSku,
  type Result,
  reclaimableAtMs,
  type Sku,
} from "@antipode/core";
import * as z from "zod";
import { fence } from "../control/fence.ts";
import type { SellingDeps } from "../orders/deps.ts";
import { askPeer } from "../peer/ask-peer.ts";
import { type Lost, reclaimSku } from "./reclaim-sku.ts";
import { readWitnessed } from "./witnessed.ts";

/** What reclaiming takes: no carts, no payments. */
export type ReclaimDeps = Pick<SellingDeps, "items" | "remote" | "peers" | "deployment" | "clock" | "log">;

const origin = z.string().refine(isOrigin, "not an origin such as us-east-1#1");
const keySchema = z.strictObject({ pk: z.string(), sk: z.string() });

const requestSchema = z.strictObject({ origin, after: keySchema.optional() });

export type ReclaimAnswer =
  | { readonly type: "refused"; readonly reason: string; readonly detail?: unknown }
  /** Everyone has fenced it: again after this time. */
  | { readonly type: "waiting"; readonly until: string }
  /** Out of time: again with this `after`. */
  | {
      readonly type: "more";
      readonly after: z.infer<typeof keySchema>;
      readonly units: number;
      readonly skus: number;
    }
  | { readonly type: "done"; readonly units: number; readonly skus: number };

const fenceTimeoutMs = 10_000;
const pageSize = 500;
/** One SKU reads every region and writes once. */
const timeNeededMs = 20_000;

type Refusal = Extract<ReclaimAnswer, { type: "refused" }>;
const refuse = (reason: string, detail?: unknown) =>
  err<Refusal>({ type: "refused", reason, ...(detail === undefined ? {} : { detail }) });

/** The word of every other region, this one first, that the lost one is given up for this region. */
async function fenceEverywhere(
  deps: ReclaimDeps,
  { lost, survivors }: Lost,
): Promise<Result<readonly Fences[], Refusal>> {
  const me = deps.deployment.origin;
  const fences: Fences[] = [];
  for (const by of [me, ...survivors.filter((survivor) => survivor !== me)]) {
    const request = { type: "fence" as const, lost, reclaimer: me };
    const answer =
      by === me
        ? await fence(deps, request)
        : await askPeer(deps.peers, originRegion(by), request, fenceTimeoutMs);
    if (!answer.ok) {
      return refuse(answer.error.type, { region: originRegion(by), cause: answer.error });
    }
    const said = "type" in answer.value && answer.value.type === "refused" ? answer.value : undefined;
    if (said !== undefined || !("reclaimer" in answer.value)) {
      return refuse("region-refuses", { region: originRegion(by), cause: said });
    }
    const { reclaimer, fencedAtMs } = answer.value;
    const fenceByOrigin = new Map([[lost, { reclaimer, fencedAtMs }]]);
    fences.push({ origin: by, counter: 1, fenceByOrigin, touchedAtMs: fencedAtMs });
  }
  return ok(fences);
}

interface Walked {
  readonly units: number;
  readonly skus: number;
  readonly after?: z.infer<typeof keySchema>;
}

/** Reclaims SKU after SKU, as this region's replica lists them. */
async function walk(
  deps: ReclaimDeps,
  lost: Lost,
  start: z.infer<typeof keySchema> | undefined,
  timeLeftMs: () => number,
): Promise<Result<Walked, Refusal>> {
  const witnessed = await readWitnessed(deps, lost.lost);
  if (!witnessed.ok) {
    return refuse(witnessed.error.type, witnessed.error);
  }
  const counts = { units: 0, skus: 0 };
  let last: Sku | undefined;
  let after = start;
  do {
    const page = await deps.items.scan("Stock", {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    if (!page.ok) {
      return refuse(page.error.type, page.error);
    }
    for (const { pk, sk } of page.value.items) {
      const sku = partitionToSku(pk);
      if (sku === undefined || sku === last) {
        continue;
      }
      if (timeLeftMs() < timeNeededMs) {
        return ok(
          after === undefined ? { ...counts, after: { pk, sk: sk.slice(0, 1) } } : { ...counts, after },
        );
      }
      const units = await reclaimSku(deps, sku, lost, witnessed.value.get(sku) ?? []);
      if (!units.ok) {
        return refuse(units.error.type, { sku, cause: units.error });
      }
      last = sku;
      counts.units += units.value;
      counts.skus += units.value > 0 ? 1 : 0;
    }
    after = page.value.next;
  } while (after !== undefined);
  return ok(counts);
}

/**
 * Takes over the rights of a lost region, for the region that it runs in: fences it everywhere, waits out its lease, and
 * reclaims its cells. An operator invokes it again and again until it says that it is done; each run may be repeated.
 */
export function createReclaim(deps: ReclaimDeps) {
  return async (event: unknown, timeLeftMs: () => number): Promise<ReclaimAnswer> => {
    const request = requestSchema.safeParse(event);
    if (!request.success) {
      return { type: "refused", reason: "malformed-request", detail: request.error.issues };
    }
    const { origin: lostOrigin, after } = request.data;
    const configured: readonly Origin[] = deps.deployment.regions.map((region) => region.origin);
    const lost: Lost = { lost: lostOrigin, survivors: configured.filter((one) => one !== lostOrigin) };
    const fences = await fenceEverywhere(deps, lost);
    if (!fences.ok) {
      return fences.error;
    }
    const at = reclaimableAtMs(
      { lost: lostOrigin, reclaimer: deps.deployment.origin, configured, fences: fences.value },
      defaultLeaseSettings,
    );
    if (!at.ok) {
      return { type: "refused", reason: at.error.type, detail: at.error };
    }
    if (deps.clock.nowMs() < at.value) {
      return { type: "waiting", until: new Date(at.value).toISOString() };
    }
    const walked = await walk(deps, lost, after, timeLeftMs);
    if (!walked.ok) {
      return walked.error;
    }
    deps.log.warn("stock reclaimed", { lost: lostOrigin, ...walked.value });
    const { units, skus, after: next } = walked.value;
    return next === undefined ? { type: "done", units, skus } : { type: "more", after: next, units, skus };
  };
}
