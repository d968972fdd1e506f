import { describe, expect, test } from "vitest";
import { type CellId, makeCellId } from "../ids/cell-id.ts";
import { origin, sku } from "../testing/arbitraries.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { got } from "../testing/stock-lives.ts";
import { type Cell, cellKey, emptyCell, itemToCell } from "./cell-item.ts";
import { newestCells } from "./cells.ts";
import { planReclaim, type WitnessedUnits } from "./reclaim.ts";

const lamp = sku("LAMP");
const lost = origin("us-east-1#1");
const eu = origin("eu-west-1#1");
const ap = origin("ap-south-1#1");
const gone = origin("ap-east-1#1");
const first = makeCellId(lost, 0);
const second = makeCellId(lost, 1);
const nowMs = 1_760_000_000_000;

interface Seen {
  readonly available?: number;
  readonly granted?: readonly (readonly [CellId, number])[];
  readonly absorbed?: readonly (readonly [CellId, number])[];
}

function cell(id: CellId, { available = 0, granted = [], absorbed = [] }: Seen = {}): Cell {
  const empty = emptyCell(lamp, id);
  return { ...empty, counter: 9, available, granted: new Map(granted), absorbed: new Map(absorbed) };
}

function reclaimed(cells: readonly Cell[], witnessed: readonly WitnessedUnits[] = []) {
  const plan = planReclaim({
    sku: lamp,
    lost,
    reclaimer: eu,
    survivors: [eu, ap],
    cells: newestCells(cells),
    witnessed,
    nowMs,
  });
  return plan.type === "write" ? plan.units : plan.type;
}

const euCell = makeCellId(eu, 0);
const apCell = makeCellId(ap, 0);
const goneCell = makeCellId(gone, 0);

describe("what is taken over from a lost region", () => {
  test("what it had available, as far as anybody has seen", () => {
    expect(reclaimed([cell(first, { available: 5 }), cell(second, { available: 2 })])).toBe(7);
    expect(reclaimed([])).toBe("nothing-known");
  });

  test("what was on its way to it, even to a cell that nobody has seen", () => {
    const giver = cell(apCell, { granted: [[first, 6]] });
    expect(reclaimed([cell(first, { available: 1, absorbed: [[apCell, 4]] }), giver])).toBe(3);
    expect(reclaimed([giver])).toBe(6);
  });

  test("what it gave and no survivor took: they take nothing from it any more", () => {
    const giver = cell(first, { granted: [[apCell, 6]] });
    expect(reclaimed([giver, cell(apCell, { absorbed: [[first, 4]] })])).toBe(2);
    expect(reclaimed([giver])).toBe(6);
  });

  test("not what a survivor took whose grant nobody saw", () => {
    const taker = cell(apCell, { absorbed: [[first, 4]] });
    expect(reclaimed([cell(first, { available: 5 }), taker])).toBe(1);
    expect(reclaimed([cell(first, { available: 3 }), taker])).toBe(0);
  });

  test("not what one cell of it gave on after it had got it from another unseen", () => {
    const taker = cell(apCell, { absorbed: [[first, 6]] });
    expect(reclaimed([cell(first, { available: 2 }), cell(second, { available: 4 }), taker])).toBe(0);
    expect(reclaimed([cell(first, { available: 2 }), cell(second, { available: 5 }), taker])).toBe(1);
  });

  test("not what a cell of it that nobody has seen gave on", () => {
    const taker = cell(apCell, { absorbed: [[second, 4]] });
    expect(reclaimed([cell(first, { available: 5 }), taker])).toBe(1);
  });

  test("once what was moved between its cells, whichever half was seen", () => {
    const given = cell(first, { available: 2, granted: [[second, 3]] });
    const taken = cell(second, { available: 3, absorbed: [[first, 3]] });
    expect(reclaimed([given, taken])).toBe(5);
    expect(reclaimed([given, cell(second)])).toBe(5);
    expect(reclaimed([cell(first, { available: 5 }), taken])).toBe(5);
  });

  test("not what another lost region took, which is counted with that one, nor what that one may have given", () => {
    const taker = cell(goneCell, { absorbed: [[first, 4]], granted: [[first, 3]] });
    expect(reclaimed([cell(first, { available: 5 }), taker])).toBe(1);
    expect(reclaimed([cell(first, { available: 5, granted: [[goneCell, 6]] }), taker])).toBe(5);
  });

  test("not what was on the way between it and a region that was taken over before, in either direction", () => {
    const giver = cell(first, { available: 5, granted: [[apCell, 6]], absorbed: [[apCell, 1]] });
    const other = cell(apCell, { absorbed: [[first, 4]], granted: [[first, 3]] });
    const taker = { ...cell(euCell), reclaimed: new Map([[apCell, 7]]) };
    expect(reclaimed([giver, other])).toBe(9);
    expect(reclaimed([giver, other, taker])).toBe(5);
  });

  test("not what witnessed placements may have taken after what was seen, whatever its counter", () => {
    const states = [cell(first, { available: 5 })];
    expect(reclaimed(states, [])).toBe(5);
    expect(reclaimed(states, [{ cell: first, units: 2 }])).toBe(3);
    expect(reclaimed(states, [{ cell: second, units: 2 }])).toBe(3);
    expect(reclaimed(states, [{ cell: first, units: 7 }])).toBe(0);
  });

  test("once", async () => {
    const items = createFakeItems(eu);
    const cells = [cell(first, { available: 5 }), cell(second, { available: 2 })];
    const input = { sku: lamp, lost, reclaimer: eu, survivors: [eu, ap], witnessed: [], nowMs };
    const plan = planReclaim({ ...input, cells: newestCells(cells) });
    if (plan.type !== "write") {
      throw new Error(plan.type);
    }
    const { table, key, update } = plan.write;
    expect(got(await items.update(table, key, update)).type).toBe("written");
    expect(got(await items.update(table, key, update)).type).toBe("refused");
    const own = got(itemToCell(got(await items.get("Stock", cellKey(lamp, euCell))) ?? { pk: "", sk: "" }));
    expect(own).toMatchObject({
      available: 7,
      reclaimed: new Map([
        [first, 5],
        [second, 2],
      ]),
    });
    expect(planReclaim({ ...input, cells: newestCells([...cells, own]) })).toEqual({
      type: "done-already",
      units: 7,
    });
  });
});
