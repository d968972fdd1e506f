import {
  type Allocation,
  allocationToItem,
  err,
  fromAttributes,
  type ItemNotUnderstood,
  itemToAllocation,
  itemToPlacement,
  type Origin,
  ok,
  type Placement,
  placementToItem,
  planWitness,
  type Result,
  type StorageError,
  toAttributes,
} from "@antipode/core";
import { askPeer } from "../peer/ask-peer.ts";
import type { PeerRequestOf } from "../peer/protocol.ts";
import type { SellingDeps } from "./deps.ts";
import { readOrder } from "./read-order.ts";

/** What a shopper waits for a second copy: a region 250 ms away answers in two round trips. */
const witnessTimeoutMs = 2_000;

/** Regions that one checkout asks: the second, should the first not answer. One that is left alone takes no time, and is none of them. */
const witnessesAskedMax = 2;

/** What a region is asked that shall keep a copy. */
export function witnessRequest(placement: Placement, allocation: Allocation): PeerRequestOf<"witness"> {
  return {
    type: "witness",
    placed: toAttributes(placementToItem(placement)),
    allocation: toAttributes(allocationToItem(allocation, placement.placedAtMs)),
  };
}

/** Asks region after region for a copy of its own, until one has it. Nothing when none answered in time. */
export async function askForWitness(
  { peers, deployment, log }: Pick<SellingDeps, "peers" | "deployment" | "log">,
  placement: Placement,
  allocation: Allocation,
): Promise<Origin | undefined> {
  const request = witnessRequest(placement, allocation);
  const own = deployment.regions.findIndex(({ name }) => name === deployment.region);
  const others = [...deployment.regions.slice(own + 1), ...deployment.regions.slice(0, Math.max(0, own))];
  let asked = 0;
  for (const { name } of others) {
    if (asked === witnessesAskedMax) {
      return undefined;
    }
    const answer = await askPeer(peers, name, request, witnessTimeoutMs);
    if (answer.ok && answer.value.type === "witnessed") {
      return answer.value.by;
    }
    const cause = answer.ok ? answer.value : answer.error;
    log.warn("no witness", { orderId: placement.orderId, peer: name, cause });
    asked += !answer.ok && answer.error.leftAlone === true ? 0 : 1;
  }
  return undefined;
}

interface Sent {
  readonly placement: Placement;
  readonly allocation: Allocation;
}

function readSent(request: PeerRequestOf<"witness">): Result<Sent, string> {
  const placed = fromAttributes(request.placed);
  const allocated = fromAttributes(request.allocation);
  if (!placed.ok || !allocated.ok) {
    return err("not items");
  }
  const placement = itemToPlacement(placed.value);
  const allocation = itemToAllocation(allocated.value);
  if (!placement.ok || !allocation.ok) {
    return err("not a placement and its allocation");
  }
  const { orderId, origin } = placement.value;
  const belong = allocation.value.orderId === orderId && allocation.value.origin === origin;
  return belong ? ok({ placement: placement.value, allocation: allocation.value }) : err("of two placements");
}

/** Why a region keeps no copy. */
export type WitnessRefusal =
  | StorageError
  | ItemNotUnderstood
  | { readonly type: "refused"; readonly reason: string };

const refuse = (reason: string) => err<WitnessRefusal>({ type: "refused", reason });

/** Keeps this region's own copy of a placement that another region made. Once written it stays. */
export async function keepWitness(
  deps: Pick<SellingDeps, "items" | "deployment" | "clock">,
  request: PeerRequestOf<"witness">,
): Promise<Result<Origin, WitnessRefusal>> {
  const { items, deployment, clock } = deps;
  const sent = readSent(request);
  if (!sent.ok) {
    return refuse(sent.error);
  }
  const { placement, allocation } = sent.value;
  if (placement.origin === deployment.origin) {
    return refuse("the own placement");
  }
  const seen = await readOrder(deps, placement.orderId);
  if (!seen.ok) {
    return seen;
  }
  const plan = planWitness(seen.value, deployment.origin, {
    placement,
    units: allocation.units,
    nowMs: clock.nowMs(),
  });
  if (plan.type !== "write") {
    return plan.type === "done-already" ? ok(deployment.origin) : refuse("another placement is witnessed");
  }
  const outcome = await items.put("Orders", plan.write.item, plan.write.onlyIf);
  if (!outcome.ok) {
    return outcome;
  }
  const isOurs = outcome.value.type === "written" || outcome.value.item?.["placement"] === placement.origin;
  return isOurs ? ok(deployment.origin) : refuse("another placement is witnessed");
}
