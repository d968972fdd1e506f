import type { CellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import type { Cells } from "./cell-item.ts";
import { availableOf, cellAt, cellsOfOrigin, firstCell, sumUnits, unitsOf } from "./cells.ts";
import { keepOf } from "./demand.ts";
import type { StockView } from "./stock-view.ts";

/** A cell of another region, and what it could give. */
export interface Donor {
  readonly cell: CellId;
  readonly spare: number;
}

/** Other regions that may be asked. */
export function peersOf({ regions, me, fenced }: StockView): readonly Origin[] {
  return regions.filter((origin) => origin !== me && !fenced.has(origin));
}

/** Splits what a region can spare over its cells, the fullest first. */
function donorsOf(cells: Cells, origin: Origin, regionSpare: number): readonly Donor[] {
  let left = regionSpare;
  const donors: Donor[] = [];
  for (const { id, available } of [...cellsOfOrigin(cells, origin)].sort(
    (a, b) => b.available - a.available,
  )) {
    const spare = Math.min(available, left);
    if (spare > 0) {
      left -= spare;
      donors.push({ cell: id, spare });
    }
  }
  return donors;
}

const firstOf = ([donor]: readonly Donor[]) => donor?.cell ?? "";
const spareOf = (donors: readonly Donor[]) => sumUnits(donors.map(({ spare }) => spare));

/**
 * The cells that could give, region by region, and no region without any: the region with most to spare first, in each the
 * fullest cell first. `keep` is what a region keeps.
 */
export function donorsByRegion(
  view: StockView,
  keep: (origin: Origin) => number,
): readonly (readonly Donor[])[] {
  return peersOf(view)
    .map((origin) => donorsOf(view.cells, origin, availableOf(view.cells, origin) - keep(origin)))
    .filter((donors) => donors.length > 0)
    .sort((left, right) => spareOf(right) - spareOf(left) || (firstOf(left) < firstOf(right) ? -1 : 1));
}

/** Every cell that could give, the one with most to spare first. */
function visibleDonors(view: StockView, keep: (origin: Origin) => number): readonly Donor[] {
  return donorsByRegion(view, keep)
    .flat()
    .sort((left, right) => right.spare - left.spare || (left.cell < right.cell ? -1 : 1));
}

/** Splits units over donors, the first ones first; what nobody can spare is left out. */
export function splitOver(donors: readonly Donor[], units: number): ReadonlyMap<CellId, number> {
  const asked = new Map<CellId, number>();
  let missing = units;
  for (const { cell, spare } of donors) {
    const part = Math.min(spare, missing);
    if (part > 0) {
      asked.set(cell, part);
      missing -= part;
    }
  }
  return asked;
}

/** A donor's cumulative grant to the asking cell, as far as it is known: what a target counts from. */
export function grantedSoFar(cells: Cells, donor: CellId, to: CellId): number {
  const seen = unitsOf(cells.get(donor)?.granted ?? new Map(), to);
  return Math.max(seen, unitsOf(cells.get(to)?.absorbed ?? new Map(), donor));
}

/**
 * Units that the region lacks: nothing while it has what it keeps. Then up to `wantFactor` times that, and no more
 * than its share of all that is in sight, by demand. Without the share two regions that sell alike would send the same
 * units to and fro, one sale after another, as soon as there is less than twice what both keep.
 */
function missingUnits(view: StockView): number {
  const { cells, me, nowMs, settings } = view;
  const keep = keepOf(cells, me, nowMs, settings);
  const have = availableOf(cells, me);
  if (have >= keep) {
    return 0;
  }
  let total = have;
  let keeps = keep;
  for (const origin of peersOf(view)) {
    total += availableOf(cells, origin);
    keeps += keepOf(cells, origin, nowMs, settings);
  }
  const share = Math.floor((total * keep) / keeps);
  return Math.max(0, Math.min(settings.wantFactor * keep, share) - have);
}

function isSame(left: ReadonlyMap<CellId, number>, right: ReadonlyMap<CellId, number>): boolean {
  return left.size === right.size && [...left].every(([cell, units]) => right.get(cell) === units);
}

/**
 * What the region's first cell should ask, by donor and cumulative; nothing when it lacks nothing, nobody could give,
 * or what it asks is asked already. Each donor is named with its own units: three that each gave all would overfill it.
 */
export function wantedTargets(view: StockView): ReadonlyMap<CellId, number> | undefined {
  const { sku, cells, me, nowMs, settings } = view;
  const cell = cellAt(cells, sku, firstCell(me));
  const ageMs = nowMs - cell.wantedAtMs;
  if (cell.wantedAtMs > 0 && ageMs < settings.wantEveryMs) {
    return undefined;
  }
  const donors = visibleDonors(view, (origin) => keepOf(cells, origin, nowMs, settings));
  const targets = new Map(
    [...splitOver(donors, missingUnits(view))].map(([donor, units]) => [
      donor,
      grantedSoFar(cells, donor, cell.id) + units,
    ]),
  );
  const stillCounts = ageMs < settings.wantFreshMs / 2; // renewed before donors take it for old
  return targets.size === 0 || (stillCounts && isSame(targets, cell.wanted)) ? undefined : targets;
}

/** Whether the region lacks nothing and something is still asked in its name. */
export function withdrawsWants(view: StockView): boolean {
  const cell = cellAt(view.cells, view.sku, firstCell(view.me));
  return cell.wanted.size > 0 && missingUnits(view) === 0;
}
