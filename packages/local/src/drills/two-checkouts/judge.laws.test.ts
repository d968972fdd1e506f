import { describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { modelCartOf } from "../checkout/testing/shop-model.ts";
import { judgeSplits } from "./judge.ts";
import { playSplits, type SplitDefect } from "./testing/split-model.ts";

const runs = 400;

describe("the judge of carts that are checked out twice", () => {
  it("finds nothing in a shop that keeps its promises, whoever wins", async () => {
    for (let seed = 1; seed <= runs; seed += 1) {
      const history = await playSplits(createRandom(`split ${seed}`));
      const carts = history.carts.length;
      const verdict = judgeSplits(history, modelCartOf);
      expect(verdict, `seed ${seed}`).toEqual({ orders: carts, charges: carts, lost: 0, broken: [] });
    }
  });

  /** Each with what the judge has to say of it. */
  it.each<readonly [SplitDefect, RegExp]>([
    ["loses what is given back", /units are nowhere/],
    ["never gives back", /still holds \d+ units/],
    ["counts deliveries twice", /120 units count as restocked, where 60 came/],
    ["orders again", /was ordered 2 times/],
    ["lets both win", /cells sold \d+ units, and standing orders have/],
    ["forgets orders", /was confirmed in .*, and eu-west-1 does not know it/],
    ["charges twice", /was charged 2 times/],
    ["charges what failed", /was charged 2 times/],
    ["forgets to charge", /it stands, comes to \d+, and 0 was taken/],
    ["charges another amount", /it stands, comes to \d+, and \d+ was taken/],
    ["leaves regions apart", /regions still differ: paid.* against placed/],
    ["tells of nothing", /confirmed it and was then of another mind: cart-empty/],
    ["declines at will", /no order came of its two checkouts/],
    ["adds a line", /is not what was asked for/],
    ["empties carts", /of \d+ units of .*, \d+ are ordered and 0 in the cart/],
    ["keeps what was ordered", /of \d+ units of .*, \d+ are ordered and \d+ in the cart/],
    ["leaves the loser waiting", /was not told what became of its checkout: cart-in-checkout/],
    ["tells of two orders", /was told at last of .*other, not of/],
  ])("convicts a shop that %s", async (defect, words) => {
    let convictions = 0;
    let lost = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const history = await playSplits(createRandom(`${defect} ${seed}`), defect);
      const verdict = judgeSplits(history, modelCartOf);
      if (verdict.broken.some((line) => words.test(line))) convictions += 1;
      lost += verdict.lost;
    }
    expect(convictions).toBeGreaterThan(10);
    expect(lost > 0).toBe(defect === "empties carts");
  });
});
