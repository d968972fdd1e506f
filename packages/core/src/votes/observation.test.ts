import { describe, expect, test } from "vitest";
import { type Look, observeRound } from "./observation.ts";
import { defaultVoteSettings as settings } from "./settings.ts";
import { ap, eu, hk } from "./testing/vote-data.ts";

const yes: Look = { type: "well", latencyMs: 20.4 };
const no: Look = { type: "failed", reason: "time out" };

function rounds(...all: readonly (readonly [atMs: number, eu: Look, ap?: Look])[]) {
  let seen: ReturnType<typeof observeRound> = new Map();
  for (const [nowMs, one, other = yes] of all) {
    const looks = new Map([
      [eu, one],
      [ap, other],
    ]);
    seen = observeRound(seen, looks, { nowMs, settings });
  }
  return seen;
}

describe("looks", () => {
  test("are counted in a row, with the last time and reason of each kind", () => {
    expect(rounds([1, yes], [2, no], [3, no]).get(eu)).toEqual({
      failures: 2,
      successes: 0,
      latencyMs: 20,
      reason: "time out",
      sinceMs: 2,
      atMs: 3,
    });
    expect(rounds([1, no], [2, yes]).get(eu)).toMatchObject({ failures: 0, successes: 1, sinceMs: 2 });
  });

  test("count nothing while nobody is seen well", () => {
    const before = rounds([1, yes], [2, no]);
    expect(rounds([1, yes], [2, no], [3, no, no], [4, no, no])).toEqual(before);
  });

  test("begin anew after a long silence, and when the clock was set", () => {
    const late = 2 + settings.silenceMaxMs;
    expect(rounds([1, no], [2, no], [late, no]).get(eu)).toMatchObject({ failures: 3, sinceMs: 1 });
    expect(rounds([1, no], [2, no], [late + 1, no]).get(eu)).toMatchObject({
      failures: 1,
      sinceMs: late + 1,
    });
    expect(rounds([late + 3, no], [late + 3, no], [1, no]).get(eu)).toMatchObject({ failures: 1 });
  });

  test("leave whom nobody looked at as it was", () => {
    const before = rounds([1, no]);
    const after = observeRound(before, new Map([[hk, yes]]), { nowMs: 9, settings });
    expect(after.get(eu)).toEqual(before.get(eu));
    expect(after.get(hk)).toMatchObject({ successes: 1 });
  });
});
