import { integerBetween, type Random } from "../../links/random.ts";
import { type PlannedFault, planFaults } from "../fault-plan.ts";
import { repeatSometimes, routeFrom, shuffled } from "../route.ts";

export interface PlannedEdit {
  /** The regions to try, the first one first. */
  readonly route: readonly string[];
  /** Unlike every other value of the run, so that each can be told apart. */
  readonly number: number;
  readonly repeatIn?: string;
}

/** In one round one field of each product is edited, in each region at most once. */
export interface PlannedProduct {
  readonly kind: "price" | "title";
  readonly edits: readonly PlannedEdit[];
  /** If a conflict remains: how many operators settle it at once, each where. */
  readonly settledIn: readonly string[];
}

export interface PlannedRound {
  readonly products: readonly PlannedProduct[];
  readonly faults: readonly PlannedFault[];
}

export interface PricesPlanOptions {
  readonly regions: readonly string[];
  readonly products: number;
  readonly rounds: number;
}

/** Most edits are of prices: they have the rule that is not the newest. */
const priceShare = 0.7;
const repeatedShare = 0.08;
const settledShare = 0.6;
/** Two operators who settle one conflict at the same time make the next one. */
const settledTwiceShare = 0.3;
const amountMin = 101;
const amountMax = 99_999;

export function planPrices(random: Random, options: PricesPlanOptions): readonly PlannedRound[] {
  const { regions, products, rounds } = options;
  const taken = new Set<number>();
  const newNumber = (): number => {
    const number = integerBetween(random, amountMin, amountMax);
    if (taken.has(number)) return newNumber();
    taken.add(number);
    return number;
  };
  return Array.from({ length: rounds }, () => {
    const planned = Array.from({ length: products }, () => planProduct(random, regions, newNumber));
    const operations = planned.reduce((sum, { edits }) => sum + edits.length, 0);
    return { products: planned, faults: planFaults(random, { regions, operations }) };
  });
}

function planProduct(random: Random, regions: readonly string[], newNumber: () => number): PlannedProduct {
  const first = shuffled(random, regions).slice(0, integerBetween(random, 1, regions.length));
  const edits = first.map((region) => ({
    route: routeFrom(random, regions, region),
    number: newNumber(),
    ...repeatSometimes(random, regions, repeatedShare),
  }));
  const operators = random() < settledShare ? (random() < settledTwiceShare ? 2 : 1) : 0;
  return {
    kind: random() < priceShare ? "price" : "title",
    edits,
    settledIn: shuffled(random, regions).slice(0, operators),
  };
}
