import { describe, expect, test } from "vitest";
import { makeCellId } from "../ids/cell-id.ts";
import type { Origin } from "../ids/origin.ts";
import { origin, sku } from "../testing/arbitraries.ts";
import { emptyCell } from "./cell-item.ts";
import { planDirectAsk } from "./direct-ask.ts";
import { defaultStockSettings } from "./settings.ts";
import type { StockView } from "./stock-view.ts";

const me = origin("us-east-1#1");
const lamp = sku("LAMP");
const donors = ["eu-west-1#1", "ap-south-1#1", "ap-east-1#1", "sa-east-1#1"].map(origin);
const [eu, apSouth, apEast] = donors as [Origin, Origin, Origin];

/** What each donor has available, cell by cell. */
function viewOf(unitsByOrigin: ReadonlyMap<Origin, readonly number[]>): StockView {
  const cells = [...unitsByOrigin].flatMap(([at, units]) =>
    units.map((available, number) => ({
      ...emptyCell(lamp, makeCellId(at, number)),
      counter: 1,
      restocked: available,
      available,
    })),
  );
  return {
    sku: lamp,
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    me,
    regions: [me, ...donors],
    fenced: new Set(),
    leaseRunning: true,
    nowMs: 1_760_000_000_000,
    settings: defaultStockSettings,
  };
}

const askedOf = (view: StockView, units: number) =>
  planDirectAsk(view, { units }).map(({ from, target }) => [from, target]);

describe("a direct ask", () => {
  test("takes from every cell of one region that has enough, however its units are spread", () => {
    const spread = Array.from({ length: 8 }, () => 1);
    expect(askedOf(viewOf(new Map([[eu, spread]])), 8)).toEqual(
      spread.map((units, number) => [makeCellId(eu, number), units]),
    );
  });

  test("goes to the region with most to spare, though another one has the fullest cell", () => {
    const view = viewOf(
      new Map([
        [apSouth, [5]],
        [eu, [2, 3, 2, 1]],
      ]),
    );
    expect(askedOf(view, 6)).toEqual([
      [makeCellId(eu, 1), 3],
      [makeCellId(eu, 0), 2],
      [makeCellId(eu, 2), 1],
    ]);
    expect(askedOf(view, 9).map(([from]) => from)).toContain(makeCellId(apSouth, 0));
  });

  test("goes to three regions at most, and to none where those do not suffice", () => {
    const view = viewOf(new Map(donors.map((donor) => [donor, [2]])));
    expect(askedOf(view, 6)).toHaveLength(3);
    expect(askedOf(view, 7)).toEqual([]);
    expect(askedOf({ ...view, fenced: new Set([eu, apEast]) }, 5)).toEqual([]);
  });
});
