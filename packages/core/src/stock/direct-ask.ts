import { type CellId, cellOrigin } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Sku } from "../ids/product-ids.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { CellWrite } from "./cell-writes.ts";
import { availableOf, cellAt, firstCell, sumUnits, unitsOf } from "./cells.ts";
import { directKeepOf } from "./demand.ts";
import { grantWrite } from "./grants.ts";
import type { StockView } from "./stock-view.ts";
import { donorsByRegion, grantedSoFar, splitOver } from "./wants.ts";

/** What a region asks of another while a shopper waits. Sent twice, it is one grant. */
export interface DirectAsk {
  readonly sku: Sku;
  /** The donor's cell. */
  readonly from: CellId;
  /** The asking region's cell. */
  readonly to: CellId;
  /** The donor's cumulative grant to that cell that would do. */
  readonly target: number;
}

/**
 * Whom to ask for the units that a checkout lacks: few regions, the one with most to spare first, and of each as many cells as
 * it takes, every cell for its own part. What they answer is absorbed, whoever answers. Nothing when what these regions have
 * in sight does not suffice: the checkout would fail all the same.
 */
export function planDirectAsk(view: StockView, { units }: { readonly units: number }): readonly DirectAsk[] {
  const { sku, cells, me, nowMs, settings } = view;
  const to = firstCell(me);
  const regions = donorsByRegion(view, (origin) => directKeepOf(cells, origin, nowMs, settings));
  const asked = splitOver(regions.slice(0, settings.directRegionsMax).flat(), units);
  if (sumUnits(asked.values()) < units) {
    return [];
  }
  return [...asked].map(([from, part]) => ({ sku, from, to, target: grantedSoFar(cells, from, to) + part }));
}

export type DirectAnswer =
  /** Make the write, then answer `granted`; when it is refused, look again and plan anew. */
  | { readonly type: "grant"; readonly granted: number; readonly units: number; readonly write: CellWrite }
  /** Answer `granted`, which is the target when the ask was sent before, and less when nothing can be spared. */
  | { readonly type: "nothing-to-grant"; readonly granted: number };

export type DirectRefusal =
  /** Not a cell of this region, or the asking cell is. */
  | { readonly type: "not-the-donor"; readonly from: CellId }
  /** The asking region was given up: its cells get nothing any more. */
  | { readonly type: "region-fenced"; readonly origin: Origin }
  /** This region may not sell, so it may not give either. */
  | { readonly type: "no-lease" };

/** A donor's answer: the target as far as it can spare it, with no more than a moment's demand kept back. */
export function planDirectGrant(view: StockView, ask: DirectAsk): Result<DirectAnswer, DirectRefusal> {
  const { sku, cells, me, fenced, leaseRunning, nowMs, settings } = view;
  const asker = cellOrigin(ask.to);
  if (cellOrigin(ask.from) !== me || asker === me || ask.sku !== sku) {
    return err({ type: "not-the-donor", from: ask.from });
  }
  if (fenced.has(asker)) {
    return err({ type: "region-fenced", origin: asker });
  }
  if (!leaseRunning) {
    return err({ type: "no-lease" });
  }
  const from = cellAt(cells, sku, ask.from);
  const before = unitsOf(from.granted, ask.to);
  const available = availableOf(cells, me);
  const spare = available - directKeepOf(cells, me, nowMs, settings);
  const units = Math.min(ask.target - before, spare, from.available);
  if (units <= 0) {
    return ok({ type: "nothing-to-grant", granted: before });
  }
  const leave = Math.max(0, from.available - spare); // what this cell has of what the region keeps
  const write = grantWrite(from, { to: ask.to, units, leave }, nowMs);
  return ok({ type: "grant", granted: before + units, units, write });
}
