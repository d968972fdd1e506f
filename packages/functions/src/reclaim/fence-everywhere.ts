import {
  type Fence,
  type Fences,
  fencedOrigins,
  isLaterLife,
  type Origin,
  ok,
  originRegion,
  type Result,
} from "@antipode/core";
import { fence } from "../control/fence.ts";
import { readControl } from "../control/read-control.ts";
import { askPeer } from "../peer/ask-peer.ts";
import { type Refusal, refuse } from "./answer.ts";
import type { ReclaimDeps } from "./create-reclaim.ts";
import type { Lost } from "./reclaim-sku.ts";

const fenceTimeoutMs = 10_000;

/** What this region's replica knows and no fence can change: then none is written. */
async function refusedAlready(
  deps: ReclaimDeps,
  { lost, survivors }: Lost,
): Promise<Result<undefined, Refusal>> {
  const me = deps.deployment.origin;
  if (!survivors.includes(me)) {
    return refuse("not-another-region", { origin: me });
  }
  const current = deps.deployment.regions.find(({ origin }) => originRegion(origin) === originRegion(lost));
  if (current !== undefined && isLaterLife(lost, current.origin)) {
    return refuse("life-to-come", { origin: lost, current: current.origin }); // fenced, the region could never begin it
  }
  const origins = deps.deployment.regions.map(({ origin }) => origin);
  const controls = await readControl(deps, origins.includes(lost) ? origins : [...origins, lost]);
  if (!controls.ok) {
    return refuse(controls.error.type, controls.error);
  }
  const said = controls.value.find(({ origin }) => origin === lost);
  if (current === undefined && said?.heartbeat === undefined) {
    return refuse("never-seen", { origin: lost }); // a region that was removed has left its heartbeat behind
  }
  const fences = controls.value.flatMap((control) => (control.fences === undefined ? [] : [control.fences]));
  if (fencedOrigins(fences).has(me)) {
    return refuse("reclaimer-fenced", { origin: me });
  }
  for (const { origin, fenceByOrigin } of fences) {
    const standing = fenceByOrigin.get(lost);
    if (standing !== undefined && standing.reclaimer !== me) {
      return refuseAnother(origin, standing);
    }
  }
  return ok(undefined);
}

const refuseAnother = (by: Origin, { reclaimer }: Pick<Fence, "reclaimer">) =>
  refuse("fenced-for-another", { region: originRegion(by), reclaimer });

/** One region's word, its own or asked for. */
async function fenceBy(deps: ReclaimDeps, by: Origin, lost: Origin): Promise<Result<Fence, Refusal>> {
  const me = deps.deployment.origin;
  const request = { type: "fence" as const, lost, reclaimer: me };
  const region = originRegion(by);
  const answer =
    by === me ? await fence(deps, request) : await askPeer(deps.peers, region, request, fenceTimeoutMs);
  if (!answer.ok) {
    return refuse(answer.error.type, { region, cause: answer.error });
  }
  const said = "type" in answer.value && answer.value.type === "refused" ? answer.value : undefined;
  if (said !== undefined || !("reclaimer" in answer.value)) {
    return refuse("region-refuses", { region, cause: said });
  }
  const { reclaimer, fencedAtMs } = answer.value;
  return reclaimer === me ? ok({ reclaimer, fencedAtMs }) : refuseAnother(by, { reclaimer });
}

/**
 * The word of every other region that the lost one is given up for this region.
 *
 * A fence is for good and names one reclaimer. Two operators who began with different reclaimers, each with its own
 * region, would both hold some fences, neither could ever hold all, and the units would be lost. So all runs ask in one order,
 * by the origins' texts, this region in its place among them, and a run ends at the first region that does not give it
 * its word. Two operators meet at the first region: it takes one of them at its word, and only that one goes any
 * further, however often either begins again. A region that is out of reach ends the run too: whoever passed over it could
 * have another's fence behind it.
 */
export async function fenceEverywhere(
  deps: ReclaimDeps,
  lost: Lost,
): Promise<Result<readonly Fences[], Refusal>> {
  const allowed = await refusedAlready(deps, lost);
  if (!allowed.ok) {
    return allowed;
  }
  const fences: Fences[] = [];
  for (const by of lost.survivors.toSorted()) {
    const fenced = await fenceBy(deps, by, lost.lost);
    if (!fenced.ok) {
      return fenced;
    }
    const fenceByOrigin = new Map([[lost.lost, fenced.value]]);
    fences.push({ origin: by, counter: 1, fenceByOrigin, touchedAtMs: fenced.value.fencedAtMs });
  }
  return ok(fences);
}
