import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellOrigin, makeCellId } from "../ids/cell-id.ts";
import type { Sku } from "../ids/product-ids.ts";
import { operationId, origin, sku, ulidAt } from "../testing/arbitraries.ts";
import { createFakeItems } from "../testing/fake-items.ts";
import { got } from "../testing/stock-lives.ts";
import { type Cell, type Cells, cellToItem, emptyCell, stockPartition } from "./cell-item.ts";
import { holdWrite } from "./cell-writes.ts";
import { cellsOf } from "./cells.ts";
import { chooseCells, gatherWrites } from "./choose-cells.ts";

const me = origin("us-east-1#1");
const other = origin("eu-west-1#1");
const lamp = sku("LAMP");
const skus = [lamp, sku("TENT")];

function cellWith(of: Sku, at: typeof me, number: number, available: number): Cell {
  return { ...emptyCell(of, makeCellId(at, number)), available, restocked: available, counter: 1 };
}

const anyCells = (of: Sku) =>
  fc
    .tuple(
      fc.array(fc.nat({ max: 6 }), { maxLength: 6, size: "max" }),
      fc.array(fc.nat({ max: 12 }), { maxLength: 2 }),
    )
    .map(([mine, theirs]): Cells => {
      const cells = [
        ...mine.map((available, number) => cellWith(of, me, number, available)),
        ...theirs.map((available, number) => cellWith(of, other, number, available)),
      ];
      return new Map(cells.map((cell) => [cell.id, cell]));
    });

const anyChoice = fc.record({
  lines: fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
    .map((quantities) => skus.map((one, index) => ({ sku: one, quantity: quantities[index] ?? 1 }))),
  cellsBySku: fc
    .tuple(...skus.map(anyCells))
    .map((all) => new Map(skus.map((one, index) => [one, all[index] ?? new Map()] as const))),
  me: fc.constant(me),
  operationId: fc.nat({ max: 99_999 }).map((number) => operationId(ulidAt(1_760_000_000_000, number))),
});

const mine = (cells: Cells | undefined) =>
  [...(cells?.values() ?? [])].filter(({ id }) => cellOrigin(id) === me);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function storeWith(cellsBySku: ReadonlyMap<Sku, Cells>) {
  const items = createFakeItems(me);
  items.load(
    "Stock",
    [...cellsBySku.values()].flatMap((cells) => [...cells.values()].map(cellToItem)),
  );
  return items;
}

describe("choosing cells", () => {
  test("takes exactly the lines, from at most two own cells each, and one transaction can hold it", async () => {
    const seen = { chosen: 0, two: 0, short: 0 };
    await fc.assert(
      fc.asyncProperty(anyChoice, async (choice) => {
        const chosen = chooseCells(choice);
        if (!chosen.ok) {
          seen.short += 1;
          return;
        }
        for (const line of choice.lines) {
          const parts = chosen.value.filter((part) => part.sku === line.sku);
          expect(sum(parts.map(({ units }) => units))).toBe(line.quantity);
          expect(parts.length).toBeLessThanOrEqual(2);
          expect(parts.every(({ cell }) => cellOrigin(cell) === me)).toBe(true);
          seen.two += parts.length > 1 ? 1 : 0;
        }
        const writes = chosen.value.map((part) => holdWrite(part, 1_760_000_000_000));
        expect(got(await storeWith(choice.cellsBySku).transact(writes)).type).toBe("written");
        seen.chosen += 1;
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.chosen, seen.two, seen.short)).toBeGreaterThan(25);
  });

  test("falls short exactly where no two cells suffice, and says how much there is here and elsewhere", () => {
    fc.assert(
      fc.property(anyChoice, (choice) => {
        const chosen = chooseCells(choice);
        const short = choice.lines.filter((line) => {
          const fullest = mine(choice.cellsBySku.get(line.sku)).map(({ available }) => available);
          const [first = 0, second = 0] = fullest.sort((left, right) => right - left);
          return first + second < line.quantity;
        });
        expect(chosen.ok ? [] : chosen.error.map((one) => one.sku)).toEqual(short.map((line) => line.sku));
        for (const shortfall of chosen.ok ? [] : chosen.error) {
          const cells = [...(choice.cellsBySku.get(shortfall.sku)?.values() ?? [])];
          const here = sum(mine(choice.cellsBySku.get(shortfall.sku)).map(({ available }) => available));
          const all = sum(cells.map(({ available }) => available));
          expect(shortfall).toMatchObject({ here, elsewhere: all - here });
        }
      }),
    );
  });

  test("units in too many cells are gathered, and then the line is served", async () => {
    let gathered = 0;
    await fc.assert(
      fc.asyncProperty(anyChoice, async (choice) => {
        const items = storeWith(choice.cellsBySku);
        for (const { sku: of, quantity } of choice.lines) {
          const cells: Cells = choice.cellsBySku.get(of) ?? new Map();
          const here = sum(mine(cells).map(({ available }) => available));
          const line = { ...choice, lines: [{ sku: of, quantity }] };
          const writes = gatherWrites(cells, { me, quantity, nowMs: 1_760_000_000_000 });
          if (here < quantity) {
            expect(writes).toBeUndefined();
          } else if (!chooseCells(line).ok) {
            expect(got(await items.transact(writes ?? [])).type).toBe("written");
            const after = got(cellsOf(got(await items.queryPartition("Stock", stockPartition(of)))));
            expect(chooseCells({ ...line, cellsBySku: new Map([[of, after]]) }).ok).toBe(true);
            expect(sum(mine(after).map(({ available }) => available))).toBe(here);
            gathered += 1;
          }
        }
      }),
      { numRuns: 500 },
    );
    expect(gathered).toBeGreaterThan(10);
  });

  test("operations spread over the cells, a retry begins where it began, and a contended cell comes last", () => {
    const cells: Cells = new Map(
      [0, 1, 2, 3].map((number) => [makeCellId(me, number), cellWith(lamp, me, number, 500)]),
    );
    const choose = (number: number, avoid?: ReadonlySet<ReturnType<typeof makeCellId>>) => {
      const chosen = chooseCells({
        lines: [{ sku: lamp, quantity: 1 }],
        cellsBySku: new Map([[lamp, cells]]),
        me,
        operationId: operationId(ulidAt(1_760_000_000_000, number)),
        ...(avoid === undefined ? {} : { avoid }),
      });
      return got(chosen)[0]?.cell;
    };
    const times = new Map<unknown, number>();
    for (let number = 0; number < 400; number += 1) {
      times.set(choose(number), (times.get(choose(number)) ?? 0) + 1);
    }
    expect(Math.min(...times.values())).toBeGreaterThan(50);
    expect(times.size).toBe(4);
    const first = choose(1);
    expect(choose(1, new Set(first === undefined ? [] : [first]))).not.toBe(first);
  });
});
