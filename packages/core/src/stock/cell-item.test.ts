import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeCellId } from "../ids/cell-id.ts";
import { operationId, origin, sku, ulidAt } from "../testing/arbitraries.ts";
import { anyView } from "../testing/stock-views.ts";
import { availabilityToItem, itemToAvailability, summariseStock } from "./availability.ts";
import { cellToItem, emptyCell, itemToCell } from "./cell-item.ts";
import { cellsOf, newestCells } from "./cells.ts";
import { deliveryToItem, itemToDelivery } from "./delivery-item.ts";
import { stockCovers, stockVectorOf, stockVectorToText, textToStockVector } from "./stock-vector.ts";

const us = makeCellId(origin("us-east-1#1"), 0);
const written = { ...emptyCell(sku("LAMP"), us), counter: 3, restocked: 5, available: 5, touchedAtMs: 7 };

describe("cells", () => {
  test("read back as they were written", () => {
    fc.assert(
      fc.property(anyView, ({ cells }) => {
        for (const cell of cells.values()) {
          expect(itemToCell(cellToItem(cell))).toEqual({ ok: true, value: cell });
        }
      }),
    );
  });

  test.each([
    ["x", 1, "unknown attribute"],
    ["g#us-east-1", 1, "unknown attribute"],
    ["rec#eu-west-1#1", 1, "unknown attribute"],
    ["d#-1", 1, "unknown attribute"],
    ["constructor", 1, "unknown attribute"],
    ["available", -1, "not a counter"],
    ["held", "2", "not a counter"],
    ["a#eu-west-1#1#0", 1.5, "not a counter"],
    ["v", 0, "an item that was written has a counter"],
  ])("with %s = %s are not understood", (attribute, value, reason) => {
    const item = { ...cellToItem(written), [attribute]: value };
    expect(itemToCell(item)).toMatchObject({ ok: false, error: { attribute, reason } });
  });

  test.each([
    ["pk", "SKU#lamp"],
    ["pk", "PRODUCT#LAMP"],
    ["sk", "CELL#us-east-1#1"],
    ["sk", "AT#us-east-1#1"],
  ])("under another key (%s %s) are none", (attribute, value) => {
    expect(itemToCell({ ...cellToItem(written), [attribute]: value })).toMatchObject({
      ok: false,
      error: { attribute },
    });
  });

  test("of several states the newest counts, in whatever order they come", () => {
    const older = { ...written, counter: 2, available: 1 };
    for (const states of [
      [older, written],
      [written, older, older],
    ]) {
      expect(newestCells(states).get(us)).toEqual(written);
      expect(cellsOf(states.map(cellToItem))).toEqual({ ok: true, value: new Map([[us, written]]) });
    }
    expect(cellsOf([cellToItem(written), { ...cellToItem(written), x: 1 }])).toMatchObject({ ok: false });
  });
});

describe("deliveries", () => {
  const delivery = {
    operationId: operationId(ulidAt(1_760_000_000_000, 1)),
    sku: sku("LAMP"),
    quantity: 4,
    cell: us,
    touchedAtMs: 7,
  };

  test("read back as they were written, and go eight days after their id was made", () => {
    const item = deliveryToItem(delivery);
    expect(itemToDelivery(item)).toEqual({ ok: true, value: delivery });
    expect(item["expiresAt"]).toBe(1_760_000_000 + 8 * 24 * 60 * 60);
  });

  test.each([
    ["x", 1],
    ["v", 2],
    ["quantity", 0],
    ["sku", "lamp"],
    ["cell", "eu-west-1#1#0"],
    ["touchedAt", "now"],
    ["expiresAt", -1],
    ["pk", "DELIVERY#1"],
    ["sk", "AT#us-east-1"],
  ])("with %s = %s are not understood", (attribute, value) => {
    expect(itemToDelivery({ ...deliveryToItem(delivery), [attribute]: value })).toMatchObject({
      ok: false,
      error: { attribute },
    });
  });
});

describe("the view of a SKU's availability", () => {
  test("reads back as it was written, and its version is what was seen", () => {
    fc.assert(
      fc.property(anyView, ({ sku: of, cells }) => {
        const view = summariseStock(of, cells);
        expect(itemToAvailability(availabilityToItem(view))).toEqual({ ok: true, value: view });
        expect(textToStockVector(stockVectorToText(view.vector))).toEqual({ ok: true, value: view.vector });
        expect(view.available).toBe(
          [...cells.values()].reduce((units, { available }) => units + available, 0),
        );
      }),
    );
  });

  test("is by region, a former life apart", () => {
    const cells = [
      { ...emptyCell(sku("LAMP"), makeCellId(origin("us-east-1#1"), 0)), available: 2 },
      { ...emptyCell(sku("LAMP"), makeCellId(origin("us-east-1#1"), 1)), available: 3 },
      { ...emptyCell(sku("LAMP"), makeCellId(origin("us-east-1#2"), 0)), available: 4 },
    ];
    expect([...summariseStock(sku("LAMP"), newestCells(cells)).availableByOrigin]).toEqual([
      ["us-east-1#1", 5],
      ["us-east-1#2", 4],
    ]);
  });

  test("two vectors cover one another only when they are equal, even where their sums are", () => {
    const at = (first: number, second: number) =>
      stockVectorOf(
        newestCells([
          { ...emptyCell(sku("LAMP"), us), counter: first },
          { ...emptyCell(sku("LAMP"), makeCellId(origin("us-east-1#1"), 1)), counter: second },
        ]),
      );
    expect(stockCovers(at(2, 3), at(3, 2))).toBe(false);
    expect(stockVectorToText(at(2, 3))).not.toBe(stockVectorToText(at(3, 2)));
    expect(stockCovers(at(3, 3), at(3, 2))).toBe(true);
    expect(stockVectorToText(new Map())).toBe("0");
  });

  test.each(["", "us-east-1#1:3", "us-east-1#1#0:0", "us-east-1#1#0:1;us-east-1#1#0:2", "us-east-1#1#0:1;"])(
    "%s is no vector",
    (text) => {
      expect(textToStockVector(text)).toMatchObject({ ok: false, error: { type: "malformed" } });
    },
  );

  test.each([
    ["regions", { "us-east-1": 1 }],
    ["regions", { "us-east-1#1": -1 }],
    ["version", "x"],
    ["version", 1],
    ["pk", "SKU#lamp"],
  ])("with %s = %s is not understood", (attribute, value) => {
    const item = availabilityToItem(summariseStock(sku("LAMP"), newestCells([written])));
    expect(itemToAvailability({ ...item, [attribute]: value })).toMatchObject({
      ok: false,
      error: { attribute },
    });
  });
});
