import type { Fault } from "../../faults/fault.ts";
import { integerBetween, pick, type Random } from "../../links/random.ts";
import { payments } from "../../links/region-lag.ts";
import { shuffled } from "../route.ts";

/** Units of one of the drill's SKUs, which are known by their number. */
export interface PlannedLine {
  readonly sku: number;
  readonly quantity: number;
}

export interface PlannedCart {
  readonly filledIn: string;
  readonly lines: readonly PlannedLine[];
  /** What one of the two regions (0 or 1) is told to add when the other one cannot hear of it. */
  readonly more?: PlannedLine & { readonly side: 0 | 1 };
  /** Of each side. */
  readonly durability: readonly ("one-region" | "two-regions")[];
}

/** Carts that are checked out twice under one partition. */
export interface PlannedRound {
  /** The two regions in which each of the round's carts is checked out. */
  readonly sides: readonly [string, string];
  readonly faults: readonly Fault[];
  readonly carts: readonly PlannedCart[];
}

export interface SplitPlanOptions {
  readonly regions: readonly string[];
  readonly carts: number;
}

export const skuCount = 3;
const cartsPerRound = 6;
const linesMax = 3;
const unitsMax = 4;
const moreShare = 0.5;
const twoRegionsShare = 0.2;
/** Rounds in which the provider is in trouble too. */
const providerShare = 0.5;

export function planSplits(random: Random, { regions, carts }: SplitPlanOptions): readonly PlannedRound[] {
  const rounds: PlannedRound[] = [];
  for (let left = carts; left > 0; left -= cartsPerRound) {
    const [one = "", other = "", ...rest] = shuffled(random, regions);
    rounds.push({
      sides: [one, other],
      faults: [...partition(random, { one, other, rest }), ...providerTrouble(random, one)],
      carts: Array.from({ length: Math.min(left, cartsPerRound) }, () => planCart(random, regions)),
    });
  }
  return rounds;
}

interface Places {
  readonly one: string;
  readonly other: string;
  readonly rest: readonly string[];
}

/** Neither side hears of the other: the link is cut, one side is alone, the regions are in halves, or replication waits. */
function partition(random: Random, { one, other, rest }: Places): readonly Fault[] {
  const apart: Fault = { type: "cut", from: one, to: other };
  const [third = "", fourth = ""] = rest;
  return pick<readonly Fault[]>(random, [
    [apart],
    [apart, ...rest.map((to): Fault => ({ type: "cut", from: one, to }))],
    [
      apart,
      { type: "cut", from: one, to: fourth },
      { type: "cut", from: other, to: third },
      { type: "cut", from: third, to: fourth },
    ],
    [{ type: "pause", from: one, to: other }],
  ]);
}

function providerTrouble(random: Random, one: string): readonly Fault[] {
  if (random() >= providerShare) return [];
  return [
    pick<Fault>(random, [
      { type: "pay", set: { slowMs: integerBetween(random, 100, 1_000) } },
      { type: "pay", set: { loseAnswerShare: 0.3 } },
      { type: "cut", from: one, to: payments },
    ]),
  ];
}

function planCart(random: Random, regions: readonly string[]): PlannedCart {
  const skus = shuffled(
    random,
    Array.from({ length: skuCount }, (_, sku) => sku),
  );
  const lines = skus
    .slice(0, integerBetween(random, 1, linesMax))
    .map((sku) => ({ sku, quantity: units(random) }));
  const durability = () => (random() < twoRegionsShare ? ("two-regions" as const) : ("one-region" as const));
  return {
    filledIn: pick(random, regions),
    lines,
    ...(random() < moreShare && {
      more: {
        sku: integerBetween(random, 0, skuCount - 1),
        quantity: units(random),
        side: pick(random, [0, 1]),
      },
    }),
    durability: [durability(), durability()],
  };
}

const units = (random: Random) => integerBetween(random, 1, unitsMax);
