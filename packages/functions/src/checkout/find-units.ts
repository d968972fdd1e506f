import {
  type Allocated,
  type CellId,
  type Cells,
  chooseCells,
  err,
  gatherWrites,
  type OperationId,
  type OrderLine,
  ok,
  type Result,
  type Shortfall,
  type Sku,
} from "@antipode/core";
import { type Problem, readProblem } from "../api/problems.ts";
import type { SellingRights } from "../control/selling-rights.ts";
import { writeAll } from "../platform/write-all.ts";
import { askDonors } from "../stock/ask-donors.ts";
import { readAllCells } from "../stock/read-cells.ts";
import type { CheckoutDeps } from "./deps.ts";

/** Every line could be served by what was seen, were it all here: or else moving units costs other regions theirs and sells nothing. */
const isWithinReach = (shortfalls: readonly Shortfall[]) =>
  shortfalls.every(({ wanted, here, elsewhere }) => here + elsewhere >= wanted);

function shortProblem(shortfalls: readonly Shortfall[]): Problem {
  return {
    name: "stock-short",
    detail: isWithinReach(shortfalls)
      ? "What is elsewhere may be on its way: try again shortly, or lower these quantities."
      : "Lower these quantities: all regions together have fewer, as far as this one has seen.",
    members: {
      shortfalls: shortfalls.map(({ sku, wanted, here, elsewhere }) => ({ sku, wanted, here, elsewhere })),
    },
  };
}

/**
 * Looks at the cells. Before each further look units were moved together, or came from donors: so often, and no oftener, does a
 * shopper wait for that.
 */
const looksMax = 3;

export interface UnitsWanted {
  readonly lines: readonly OrderLine[];
  readonly operationId: OperationId;
  /** Cells that met other writers a moment ago. */
  readonly avoid: ReadonlySet<CellId>;
  /** The cells of the lines' SKUs as they have just been read: the first look. */
  readonly seen: ReadonlyMap<Sku, Cells>;
}

/** Brings together what lies in too many of the region's cells. Whether anything was moved. */
async function gather(
  deps: CheckoutDeps,
  cellsBySku: ReadonlyMap<Sku, Cells>,
  shortfalls: readonly Shortfall[],
): Promise<boolean> {
  let moved = false;
  for (const { sku, wanted, here } of shortfalls) {
    const cells = cellsBySku.get(sku);
    const writes =
      cells === undefined || here < wanted
        ? undefined
        : gatherWrites(cells, { me: deps.deployment.origin, quantity: wanted, nowMs: deps.clock.nowMs() });
    if (writes !== undefined) {
      const written = await writeAll(deps.items, writes);
      if (!written.ok) {
        deps.log.warn("units are not brought together", { sku, cause: written.error });
      }
      moved ||= written.ok; // refused, others have changed the cells: that is worth another look, too
    }
  }
  return moved;
}

/**
 * Where the lines' units are taken from in this region, once those of other regions have come; or what falls short. A request that
 * all regions together could not serve is refused at once: it moves no unit, and counts as nobody's demand.
 */
export async function findUnits(
  deps: CheckoutDeps,
  rights: SellingRights,
  { lines, operationId, avoid, seen }: UnitsWanted,
): Promise<Result<readonly Allocated[], Problem>> {
  const skus = lines.map(({ sku }) => sku);
  for (let looks = 1; ; looks += 1) {
    const cellsBySku = looks === 1 ? ok(seen) : await readAllCells(deps, skus);
    if (!cellsBySku.ok) {
      return err(readProblem(cellsBySku.error));
    }
    const chosen = chooseCells({
      lines,
      cellsBySku: cellsBySku.value,
      me: deps.deployment.origin,
      operationId,
      avoid,
      fenced: rights.fenced,
    });
    if (chosen.ok) {
      return ok(chosen.value);
    }
    const more =
      looks < looksMax &&
      isWithinReach(chosen.error) &&
      ((await gather(deps, cellsBySku.value, chosen.error)) ||
        (await askDonors(deps, rights, cellsBySku.value, chosen.error)));
    if (!more) {
      return err(shortProblem(chosen.error));
    }
  }
}
