import { describe, expect, test } from "vitest";
import { figure, figures, ratioOf, type Unit, units } from "./figure.ts";
import { figureTable } from "./figure-table.ts";

const names = Object.keys(units) as Unit[];

describe("the ratio", () => {
  test.each(names)(
    "of %s is above 1 when ours is the better, below 1 when it is the worse, and 1 when equal",
    (unit) => {
      const [better, worse] = units[unit].better === "less" ? [2, 8] : [8, 2];
      expect(ratioOf(unit, better, worse)).toBeGreaterThan(1);
      expect(ratioOf(unit, worse, better)).toBeLessThan(1);
      expect(ratioOf(unit, 5, 5)).toBe(1);
    },
  );

  test("is how many times: half the bytes is 2, twice the merges is 2", () => {
    expect(ratioOf("bytes", 50, 100)).toBe(2);
    expect(ratioOf("merges per CPU second", 100, 50)).toBe(2);
  });

  test("of counts that can be zero adds one to each", () => {
    expect(ratioOf("wrong carts", 0, 9)).toBe(10);
    expect(ratioOf("wrong carts", 0, 0)).toBe(1);
    expect(ratioOf("wrong carts", 4, 1)).toBe(0.4);
    expect(ratioOf("write units", 4, 1)).toBe(0.25);
  });

  test("of a time or size of zero is a bug of the measurement", () => {
    expect(() => ratioOf("ms", 0, 1)).toThrow("nothing to compare");
    expect(() => ratioOf("bytes", 1, Number.NaN)).toThrow("nothing to compare");
  });
});

describe("a figure", () => {
  test("keeps whole numbers and three digits of others", () => {
    expect(figure("x", "ms", 123.456, "peer", 581_893)).toEqual({
      name: "x",
      value: 123,
      unit: "ms",
      peer: "peer",
      peerValue: 581_893,
      ratio: 4710,
    });
  });

  test("is made for each peer", () => {
    const peers = new Map([
      ["a", 2],
      ["b", 4],
    ]);
    expect(figures("x", "ms", 1, peers).map(({ peer, ratio }) => [peer, ratio])).toEqual([
      ["a", 2],
      ["b", 4],
    ]);
  });

  test("is a row of a Markdown table", () => {
    expect(figureTable([figure("x", "bytes", 1_000, "peer", 2_000)]).split("\n")).toEqual([
      "| what | Antipode | peer | peer's | unit | ratio |",
      "| --- | --- | --- | --- | --- | --- |",
      "| x | 1,000 | peer | 2,000 | bytes | 2 |",
    ]);
  });
});
