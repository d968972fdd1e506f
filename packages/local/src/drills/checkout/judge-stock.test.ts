import { describe, expect, it } from "vitest";
import type { CellsView, SeenCell } from "./history.ts";
import { judgeStock } from "./judge-stock.ts";

const us = "us-east-1#1#0";
const eu = "eu-west-1#1#0";

const cell = (id: string, more: Partial<SeenCell>): SeenCell => ({
  cell: id,
  available: 0,
  held: 0,
  sold: 0,
  restocked: 0,
  granted: {},
  absorbed: {},
  ...more,
});

/** Ten units came to one region, which gave the other four of them. */
const donor = (more: Partial<SeenCell> = {}) =>
  cell(us, { restocked: 10, available: 4, sold: 2, granted: { [eu]: 4 }, ...more });
const taker = (more: Partial<SeenCell> = {}) =>
  cell(eu, { available: 1, sold: 3, absorbed: { [us]: 4 }, ...more });

const views = (cells: readonly SeenCell[], others = cells): readonly CellsView[] => [
  { region: "us-east-1", sku: "LAMP", cells },
  { region: "eu-west-1", sku: "LAMP", cells: others },
];

const judge = (seen: readonly CellsView[], facts: { delivered?: number; ordered?: number } = {}) =>
  judgeStock({ sku: "LAMP", delivered: 10, ordered: 5, ...facts }, seen);

describe("the judge of cells", () => {
  it("is content when every unit is accounted for, whatever the order of the cells", () => {
    const seen = views([donor(), taker()], [taker(), donor({ absorbed: { [eu]: 0 } })]);
    expect(judge(seen)).toEqual({ difference: 0, sold: 5, broken: [] });
  });

  it("looks at no other SKU", () => {
    const other = { region: "us-east-1", sku: "SOFA", cells: [cell(us, { sold: 99 })] };
    expect(judge([...views([donor(), taker()]), other]).broken).toEqual([]);
  });

  it.each([
    ["units from nowhere", [donor({ available: 6 }), taker()], 2, /2 units came from nowhere/],
    ["units that are gone", [donor({ available: 1 }), taker()], -3, /3 units are nowhere/],
    ["a grant that never arrived", [donor(), cell(eu, {})], 0, /granted 4 units to .*, which absorbed 0/],
    ["a hold of nobody", [donor({ available: 3, held: 1 }), taker()], 0, /still holds 1 units/],
    ["less than nothing", [donor({ available: -1, sold: 7 }), taker()], 0, /has -1 units available/],
    [
      "a delivery too many",
      [donor({ available: 14, restocked: 20 }), taker()],
      0,
      /20 units count as restocked/,
    ],
    [
      "sales without orders",
      [donor({ available: 3, sold: 3 }), taker()],
      0,
      /sold 6 units, and standing orders have 5/,
    ],
  ])("finds %s", (_, cells, difference, words) => {
    const verdict = judge(views(cells));
    expect(verdict.difference).toBe(difference);
    expect(verdict.broken.join("\n")).toMatch(words);
  });

  it("finds a region that shows something else", () => {
    const { broken } = judge(views([donor(), taker()], [donor({ available: 3 }), taker()]));
    expect(broken.join("\n")).toMatch(/regions still differ/);
    expect(broken.join("\n")).toMatch(/by what eu-west-1 shows, 1 units are nowhere/);
  });
});
