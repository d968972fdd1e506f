import { describe, expect, it } from "vitest";
import { isWhole, judgeReturn, type ReturnPromises } from "./judge-return.ts";
import { type ForgedLoss, forgeHistory, lost, usualLoss } from "./testing/forged-history.ts";

const second = 1_000;
const promises: ReturnPromises = {
  region: lost,
  shareForMs: 60 * second,
  shareMin: 0.1,
  shareMax: 0.45,
  wholeWithinMs: 100 * second,
};

/** Away from 58 s on, and from 130 s back for two seconds of each ten, until 210 s. */
const ramp: ForgedLoss["away"] = [
  [58 * second, 130 * second],
  ...Array.from({ length: 8 }, (_, at): readonly [number, number] => [
    (132 + 10 * at) * second,
    (140 + 10 * at) * second,
  ]),
];
const judge = (away: ForgedLoss["away"], more: Partial<ReturnPromises> = {}) =>
  judgeReturn(forgeHistory({ ...usualLoss, away }), { ...promises, ...more });

describe("the judge of a return", () => {
  it("finds nothing where a share came first, and then all", () => {
    expect(judge(ramp)).toEqual({ share: 0.2, wholeMs: 78 * second, broken: [] });
  });

  it("convicts a return of all at once, and one of nearly nobody", () => {
    expect(judge([[58 * second, 130 * second]]).broken).toEqual([
      "at first 100 % of the answers near eu-west-1 led back to it, where 10 % to 45 % can be",
    ]);
    const shy: ForgedLoss["away"] = [
      [58 * second, 130 * second],
      [132 * second, 190 * second],
    ];
    expect(judge(shy).broken).toEqual([expect.stringMatching(/^at first 3 %/)]);
  });

  it("convicts a return that is not whole in time, or never begins", () => {
    expect(judge(ramp, { wholeWithinMs: 70 * second }).broken).toEqual([
      "those near eu-west-1 were all back after 78.0 s, where 70.0 s are promised",
    ]);
    const never = ["those near eu-west-1 were never led back"];
    expect(judge([[58 * second, 400 * second]]).broken).toEqual(never);
    expect(judge([]).broken).toEqual(never);
  });
});

it("a region is whole when nobody near it has been led elsewhere for so long, and not before it was led anybody", () => {
  const whole = (away: ForgedLoss["away"], nowMs: number) =>
    isWhole(forgeHistory({ ...usualLoss, away }), lost, { nowMs, forMs: 45 * second });
  expect(whole(ramp, 250 * second)).toBe(false);
  expect(whole(ramp, 253 * second)).toBe(true);
  expect(whole([[58 * second, 400 * second]], 400 * second)).toBe(false);
});
