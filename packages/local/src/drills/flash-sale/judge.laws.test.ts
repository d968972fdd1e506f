import { describe, expect, it } from "vitest";
import { createRandom } from "../../links/random.ts";
import { modelCartOf } from "../checkout/testing/shop-model.ts";
import { judgeSale } from "./judge.ts";
import { playSale, type SaleDefect } from "./testing/sale-model.ts";

const runs = 400;

describe("the judge of a sale", () => {
  it("finds nothing in a shop that keeps its promises, whatever was cut, lost or retried", async () => {
    let refusedWhileStockElsewhere = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      const history = await playSale(createRandom(`sale ${seed}`));
      const verdict = judgeSale(history, modelCartOf);
      expect(verdict, `seed ${seed}`).toMatchObject({
        units: history.delivered,
        oversold: 0,
        duplicateOrders: 0,
        duplicateCharges: 0,
        conservation: "kept",
        broken: [],
      });
      refusedWhileStockElsewhere += verdict.refusedWhileStockElsewhere;
    }
    expect(refusedWhileStockElsewhere).toBe(0); // the model asks every region that it reaches
  });

  /** Each with what the judge has to say of it. */
  it.each<readonly [SaleDefect, RegExp]>([
    ["grants and keeps", /units were sold that nobody had/],
    ["loses grants", /granted \d+ units to .*, which absorbed/],
    ["loses what is given back", /units are nowhere/],
    ["never gives back", /still holds \d+ units/],
    ["counts deliveries twice", /21 units count as restocked, where 14 came/],
    ["sells more", /units were sold that nobody had/],
    ["hides its last units", /sold out, and \d+ units are in no order/],
    ["orders again", /was ordered 2 times/],
    ["lets both win", /cells sold \d+ units, and standing orders have/],
    ["forgets orders", /was confirmed in .*, and eu-west-1 does not know it/],
    ["charges twice", /was charged 2 times/],
    ["charges what failed", /was taken, and the order is declined/],
    ["forgets to charge", /it stands, comes to \d+, and 0 was taken/],
    ["charges another amount", /it stands, comes to 100, and 99 was taken/],
    ["keeps money authorised", /money is still authorised/],
    ["leaves regions apart", /regions still differ: paid.* against placed/],
    ["tells of nothing", /its shopper was told of no order|refused it: cart-empty/],
    ["declines at will", /refused it: payment-declined/],
    ["adds a line", /is not what anybody asked for/],
  ])("convicts a shop that %s", async (defect, words) => {
    let convictions = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const history = await playSale(createRandom(`${defect} ${seed}`), defect);
      if (judgeSale(history, modelCartOf).broken.some((line) => words.test(line))) convictions += 1;
    }
    expect(convictions).toBeGreaterThan(10);
  });

  it("counts what it finds", async () => {
    const counted = async (defect: SaleDefect) => {
      const verdicts = [];
      for (let seed = 1; seed <= 60; seed += 1) {
        verdicts.push(judgeSale(await playSale(createRandom(`${defect} ${seed}`), defect), modelCartOf));
      }
      return verdicts;
    };
    expect((await counted("sells more")).some(({ oversold }) => oversold > 0)).toBe(true);
    expect((await counted("orders again")).some((verdict) => verdict.duplicateOrders > 0)).toBe(true);
    expect((await counted("charges twice")).some(({ duplicateCharges }) => duplicateCharges > 0)).toBe(true);
    const lost = await counted("loses what is given back");
    expect(lost.some(({ conservation }) => conservation !== "kept" && conservation < 0)).toBe(true);
  });
});
