import {
  type CellId,
  type DirectAsk,
  err,
  explainGrantRefusal,
  ok,
  planDirectGrant,
  type Result,
} from "@antipode/core";
import type { SellingDeps } from "../orders/deps.ts";
import { waitAfterContention } from "../platform/write-all.ts";
import { readCells, type StockError, stockView } from "./read-cells.ts";

/** The donor's cell is one that its own checkouts write. */
const triesMax = 5;

export type GrantingDeps = Pick<
  SellingDeps,
  "items" | "deployment" | "clock" | "rights" | "measurements" | "delay" | "chance"
>;

export interface GrantedSoFar {
  readonly sku: DirectAsk["sku"];
  readonly from: CellId;
  readonly to: CellId;
  /** Cumulative, as it stands now. */
  readonly granted: number;
}

export type GrantRefusal = StockError | { readonly type: "refused"; readonly reason: string };

/** Gives another region's checkout what this one can spare. The target is cumulative, so asked twice it is one grant. */
export async function grantAsked(
  deps: GrantingDeps,
  ask: DirectAsk,
): Promise<Result<GrantedSoFar, GrantRefusal>> {
  const { sku, from, to, target } = ask;
  const rights = await deps.rights();
  if (!rights.ok) {
    return rights;
  }
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (tries > 0) {
      await waitAfterContention(deps, tries);
    }
    const cells = await readCells(deps, sku);
    if (!cells.ok) {
      return cells;
    }
    const plan = planDirectGrant(stockView(deps, rights.value, { sku, cells: cells.value }), ask);
    if (!plan.ok) {
      return err({ type: "refused", reason: plan.error.type });
    }
    if (plan.value.type === "nothing-to-grant") {
      return ok({ sku, from, to, granted: plan.value.granted });
    }
    const { write, granted, units } = plan.value;
    const outcome = await deps.items.update("Stock", write.key, write.update);
    if (!outcome.ok && outcome.error.type !== "contended") {
      return outcome;
    }
    if (outcome.ok && outcome.value.type === "written") {
      deps.measurements.record("StockMoved", [units], { how: "granted" });
      return ok({ sku, from, to, granted });
    }
    if (outcome.ok) {
      const refusal = explainGrantRefusal(outcome.value.item, to, target);
      if (refusal.type === "done-already") {
        return ok({ sku, from, to, granted: refusal.units });
      }
    }
  }
  return err({ type: "refused", reason: "others kept writing the cell" });
}
