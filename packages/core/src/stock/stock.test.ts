import { beforeEach, describe, expect, test } from "vitest";
import { makeCellId } from "../ids/cell-id.ts";
import type { StoredItem } from "../items/item.ts";
import type { TransactionWrite } from "../ports/items.ts";
import { operationId, origin, sku, ulidAt } from "../testing/arbitraries.ts";
import { createFakeItems, type FakeItems } from "../testing/fake-items.ts";
import { got } from "../testing/stock-lives.ts";
import { cellKey, emptyCell, itemToCell } from "./cell-item.ts";
import {
  commitWrite,
  contendedWrite,
  demandWrite,
  dropWindowsWrite,
  holdWrite,
  moreCellsWrite,
  releaseWrite,
  wantsWrite,
} from "./cell-writes.ts";
import { balanceOf } from "./cells.ts";
import { deliveryPartition } from "./delivery-item.ts";
import { absorbWrite, explainGrantRefusal, grantWrite, transferWrites } from "./grants.ts";
import { knownDelivery, restockWrites } from "./restock.ts";

const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");
const lamp = sku("LAMP");
const usCell = makeCellId(us, 0);
const euCell = makeCellId(eu, 0);
const nowMs = 1_760_000_000_000;
const delivery = { operationId: operationId(ulidAt(nowMs, 1)), sku: lamp, quantity: 10, cell: usCell };

let items: FakeItems;

beforeEach(() => {
  items = createFakeItems(us);
});

async function send(...writes: readonly TransactionWrite[]): Promise<string> {
  return got(await items.transact(writes)).type;
}

async function itemAt(cell = usCell): Promise<StoredItem | undefined> {
  return got(await items.get("Stock", cellKey(lamp, cell)));
}

async function cellAt(cell = usCell) {
  const item = await itemAt(cell);
  const read = item === undefined ? emptyCell(lamp, cell) : got(itemToCell(item));
  expect(balanceOf(read)).toBe(read.available);
  return read;
}

describe("a delivery", () => {
  test("makes its cell, and counts once", async () => {
    expect(await send(...restockWrites(delivery, nowMs))).toBe("written");
    expect(await send(...restockWrites(delivery, nowMs))).toBe("refused");
    expect(await cellAt()).toMatchObject({ restocked: 10, available: 10, counter: 1, touchedAtMs: nowMs });
  });

  test("is known afterwards, also by the region's next life; another one under its id is told apart", async () => {
    await send(...restockWrites(delivery, nowMs));
    const known = got(await items.queryPartition("Stock", deliveryPartition(delivery.operationId)));
    const nextLife = makeCellId(origin("us-east-1#2"), 0);
    expect(knownDelivery([], delivery)).toEqual({ ok: true, value: undefined });
    for (const cell of [usCell, nextLife]) {
      expect(knownDelivery(known, { ...delivery, cell })).toMatchObject({ value: { type: "done-already" } });
    }
    for (const other of [{ quantity: 9 }, { sku: sku("TENT") }, { cell: euCell }]) {
      expect(knownDelivery(known, { ...delivery, ...other })).toMatchObject({
        value: { type: "operation-id-reused", delivery: { quantity: 10 } },
      });
    }
    expect(knownDelivery([{ pk: "DELIVERY#1", sk: "x" }], delivery)).toMatchObject({ ok: false });
  });
});

describe("units of a checkout", () => {
  const three = { sku: lamp, cell: usCell, units: 3 };

  test("are never taken from a cell that was never written, or has too few", async () => {
    expect(await send(holdWrite(three, nowMs))).toBe("refused");
    expect(await itemAt()).toBeUndefined();
    await send(...restockWrites({ ...delivery, quantity: 5 }, nowMs));
    expect(await send(holdWrite(three, nowMs))).toBe("written");
    expect(await send(holdWrite(three, nowMs))).toBe("refused");
    expect(await cellAt()).toMatchObject({ available: 2, held: 3, demand: new Map([[2_933_333, 3]]) });
  });

  test("are sold or come back, and only what is held", async () => {
    await send(...restockWrites(delivery, nowMs));
    await send(holdWrite(three, nowMs));
    await send(holdWrite({ ...three, units: 2 }, nowMs));
    expect(await send(commitWrite(three, nowMs))).toBe("written");
    expect(await send(releaseWrite(three, nowMs))).toBe("refused");
    expect(await send(commitWrite(three, nowMs))).toBe("refused");
    expect(await send(releaseWrite({ ...three, units: 2 }, nowMs))).toBe("written");
    expect(await cellAt()).toMatchObject({ available: 7, held: 0, sold: 3 });
  });

  test("are whole and at least one", () => {
    for (const units of [0, -1, 1.5, Number.NaN]) {
      for (const write of [holdWrite, commitWrite, releaseWrite]) {
        expect(() => write({ ...three, units }, nowMs)).toThrow("not a number of units");
      }
    }
  });
});

describe("a grant", () => {
  test("sent again is refused, and shows that it has happened", async () => {
    await send(...restockWrites(delivery, nowMs));
    const grant = grantWrite(await cellAt(), { to: euCell, units: 4, leave: 2 }, nowMs);
    expect(await send(grant)).toBe("written");
    expect(await send(grant)).toBe("refused");
    expect(explainGrantRefusal(await itemAt(), euCell, 4)).toEqual({ type: "done-already", units: 4 });
    expect(explainGrantRefusal(await itemAt(), euCell, 5)).toEqual({ type: "changed", units: 4 });
    expect(explainGrantRefusal(undefined, euCell, 1)).toEqual({ type: "changed", units: 0 });
    expect(await cellAt()).toMatchObject({ available: 6, granted: new Map([[euCell, 4]]) });
  });

  test("leaves what it says, whatever was sold since the cell was seen", async () => {
    await send(...restockWrites(delivery, nowMs));
    const seen = await cellAt();
    await send(holdWrite({ sku: lamp, cell: usCell, units: 5 }, nowMs));
    expect(await send(grantWrite(seen, { to: euCell, units: 4, leave: 2 }, nowMs))).toBe("refused");
    expect(await send(grantWrite(seen, { to: euCell, units: 3, leave: 2 }, nowMs))).toBe("written");
  });

  test("is for another cell", () => {
    expect(() => grantWrite(emptyCell(lamp, usCell), { to: usCell, units: 1, leave: 0 }, nowMs)).toThrow();
    expect(() => absorbWrite(emptyCell(lamp, usCell), { from: usCell, granted: 1 }, nowMs)).toThrow();
  });
});

describe("an absorb", () => {
  test("makes its cell, takes the difference, and once", async () => {
    const absorb = absorbWrite(await cellAt(), { from: euCell, granted: 4 }, nowMs);
    expect(await send(absorb)).toBe("written");
    expect(await send(absorb)).toBe("refused");
    await send(absorbWrite(await cellAt(), { from: euCell, granted: 6 }, nowMs));
    expect(await cellAt()).toMatchObject({ available: 6, absorbed: new Map([[euCell, 6]]) });
    expect(() => absorbWrite(emptyCell(lamp, usCell), { from: euCell, granted: 0 }, nowMs)).toThrow();
  });
});

describe("a transfer between cells of a region", () => {
  const second = makeCellId(us, 1);
  const third = makeCellId(us, 2);

  test("moves units of several cells into one at once, and once", async () => {
    await send(...restockWrites(delivery, nowMs));
    const first = transferWrites(await cellAt(second), [{ from: await cellAt(), units: 4 }], nowMs);
    expect(await send(...first)).toBe("written");
    expect(await send(...first)).toBe("refused");
    const takings = [
      { from: await cellAt(), units: 2 },
      { from: await cellAt(second), units: 3 },
    ];
    expect(await send(...transferWrites(await cellAt(third), takings, nowMs))).toBe("written");
    const left = [await cellAt(), await cellAt(second), await cellAt(third)];
    expect(left.map(({ available }) => available)).toEqual([4, 1, 5]);
  });

  test("seen half is refused: its cells are read one after another", async () => {
    await send(...restockWrites(delivery, nowMs));
    const before = [await cellAt(), await cellAt(second)] as const;
    await send(...transferWrites(before[1], [{ from: before[0], units: 4 }], nowMs));
    const after = [await cellAt(), await cellAt(second)] as const;
    for (const [from, to] of [
      [before[0], after[1]],
      [after[0], before[1]],
    ] as const) {
      expect(await send(...transferWrites(to, [{ from, units: 1 }], nowMs))).toBe("refused");
    }
    expect(() => transferWrites(before[1], [{ from: emptyCell(lamp, euCell), units: 1 }], nowMs)).toThrow();
  });
});

describe("what a cell says beside its units", () => {
  test("demand and contended tries are counted by window of the region's first cell", async () => {
    await send(demandWrite({ sku: lamp, origin: us, units: 2 }, nowMs));
    await send(contendedWrite({ sku: lamp, origin: us }, nowMs));
    await send(contendedWrite({ sku: lamp, origin: us }, nowMs + 600_000));
    expect(await cellAt()).toMatchObject({
      demand: new Map([[2_933_333, 2]]),
      contended: new Map([
        [2_933_333, 1],
        [2_933_334, 1],
      ]),
    });
    await send(dropWindowsWrite(await cellAt(), nowMs + 61 * 600_000));
    expect(await cellAt()).toMatchObject({ demand: new Map(), contended: new Map() });
  });

  test("one more cell is one more, and takes its tries with it", async () => {
    await send(contendedWrite({ sku: lamp, origin: us }, nowMs));
    for (const count of [2, 3]) {
      const seen = await cellAt();
      expect(await send(moreCellsWrite(seen, nowMs))).toBe("written");
      expect(await send(moreCellsWrite(seen, nowMs))).toBe("refused");
      expect(await cellAt()).toMatchObject({ cellCount: count, contended: new Map() });
    }
  });

  test("wants replace those that were seen, or none; taken back, they leave the time of asking", async () => {
    const other = makeCellId(eu, 1);
    const first = await cellAt();
    await send(wantsWrite(first, new Map([[euCell, 4]]), nowMs));
    expect(await send(wantsWrite(first, new Map([[other, 4]]), nowMs + 1))).toBe("refused");
    await send(wantsWrite(await cellAt(), new Map([[other, 3]]), nowMs + 5_000));
    expect(await cellAt()).toMatchObject({ wanted: new Map([[other, 3]]), wantedAtMs: nowMs + 5_000 });
    await send(wantsWrite(await cellAt(), new Map(), nowMs + 6_000));
    expect(await cellAt()).toMatchObject({ wanted: new Map(), wantedAtMs: nowMs + 5_000 });
  });
});
