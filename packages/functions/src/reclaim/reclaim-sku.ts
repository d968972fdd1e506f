import {
  type Cell,
  type Cells,
  cellsOf,
  err,
  newestCells,
  type Origin,
  ok,
  originRegion,
  planReclaim,
  type Result,
  type Sku,
  stockPartition,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { readCells, type StockError } from "../stock/read-cells.ts";
import { holdsNotSeen, type WitnessedHold } from "./witnessed.ts";

export interface Lost {
  readonly lost: Origin;
  /** Everyone else, this region among them. */
  readonly survivors: readonly Origin[];
}

/** What any survivor holds of the SKU: of their own cells their home copies, of the lost one's the newest state. */
async function readEverywhere(
  deps: Pick<SellingDeps, "items" | "remote" | "deployment" | "clock">,
  sku: Sku,
  { survivors }: Lost,
): Promise<Result<Cells, StockError>> {
  const own = await readCells(deps, sku);
  if (!own.ok) {
    return own;
  }
  const others = survivors.filter((survivor) => survivor !== deps.deployment.origin);
  const read = await Promise.all(
    others.map((origin) => deps.remote.queryPartition(originRegion(origin), "Stock", stockPartition(sku))),
  );
  const all: Cell[] = [...own.value.values()];
  for (const items of read) {
    const cells = items.ok ? cellsOf(items.value) : items;
    if (!cells.ok) {
      return cells; // what a survivor knows and we do not may be units that are sold already
    }
    all.push(...cells.value.values());
  }
  return ok(newestCells(all));
}

/** Takes over what the lost region could still have sold of one SKU; the units, 0 where it was done before. */
export async function reclaimSku(
  deps: Pick<SellingDeps, "items" | "remote" | "deployment" | "clock" | "log">,
  sku: Sku,
  lost: Lost,
  holds: readonly WitnessedHold[],
): Promise<Result<number, StockError>> {
  const cells = await readEverywhere(deps, sku, lost);
  if (!cells.ok) {
    return cells;
  }
  const plan = planReclaim({
    sku,
    lost: lost.lost,
    reclaimer: deps.deployment.origin,
    survivors: lost.survivors,
    cells: cells.value,
    witnessed: holdsNotSeen(cells.value, holds),
    nowMs: deps.clock.nowMs(),
  });
  if (plan.type !== "write") {
    return ok(0);
  }
  const outcome = await deps.items.update("Stock", plan.write.key, plan.write.update);
  if (!outcome.ok) {
    return err(outcome.error);
  }
  if (outcome.value.type === "refused") {
    return ok(0); // another run was faster
  }
  const { units, byCell } = plan;
  deps.log.warn("units reclaimed", { lost: lost.lost, sku, units, byCell: Object.fromEntries(byCell) });
  return ok(units);
}
