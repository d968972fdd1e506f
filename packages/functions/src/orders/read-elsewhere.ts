import {
  type ItemNotUnderstood,
  mergeOrderReplicas,
  type OrderId,
  type OrderReplicas,
  ok,
  orderPartition,
  type Result,
  readOrderReplicas,
} from "@antipode/core";
import type { AdvancingDeps } from "./deps.ts";

type Deps = Pick<AdvancingDeps, "remote" | "log" | "deployment">;

/** The order as another region has it; nothing when that region is out of reach, which the log says. */
async function readIn(
  { remote, log }: Deps,
  id: OrderId,
  region: string,
): Promise<Result<OrderReplicas | undefined, ItemNotUnderstood>> {
  const items = await remote.queryPartition(region, "Orders", orderPartition(id));
  if (!items.ok) {
    log.warn("not read in another region", {
      peer: region,
      table: "Orders",
      orderId: id,
      cause: items.error,
    });
    return ok(undefined);
  }
  return readOrderReplicas(id, items.value);
}

/**
 * Completes what this region has of an order with all that the regions named have, for what was written there and has not
 * arrived. An order's log is many items, so a region is asked for the whole partition; this region's own name is passed over.
 */
export async function withOtherRegions(
  deps: Deps,
  replicas: OrderReplicas,
  regions: Iterable<string>,
): Promise<Result<OrderReplicas, ItemNotUnderstood>> {
  const peers = new Set(deps.deployment.regions.map(({ name }) => name));
  const asked = [...new Set(regions)].filter((name) => name !== deps.deployment.region && peers.has(name));
  let all = replicas;
  for (const read of await Promise.all(asked.map((region) => readIn(deps, replicas.orderId, region)))) {
    if (!read.ok) {
      return read;
    }
    all = read.value === undefined ? all : mergeOrderReplicas(all, read.value);
  }
  return ok(all);
}
