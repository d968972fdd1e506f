import { integerBetween, pick, type Random } from "../../links/random.ts";
import type { PlannedDelivery } from "../checkout/subject.ts";
import type { PlannedFault } from "../fault-plan.ts";
import { repeatSometimes, routeFrom, shuffled } from "../route.ts";
import { planSaleFaults } from "./sale-faults.ts";

export interface PlannedBuyer {
  readonly quantity: number;
  /** The regions to try, the first one first. */
  readonly route: readonly string[];
  readonly durability: "one-region" | "two-regions";
  /** The first card is declined; `tries` with another one then, or goes. */
  readonly declined?: { readonly tries: boolean };
  /** Sends the same checkout to this region at the same moment, as by a client with two hands. */
  readonly alsoIn?: string;
  readonly repeatIn?: string;
}

export interface SalePlan {
  readonly deliveries: readonly PlannedDelivery[];
  readonly buyers: readonly PlannedBuyer[];
  readonly faults: readonly PlannedFault[];
}

export interface SalePlanOptions {
  readonly regions: readonly string[];
  readonly buyers: number;
  readonly stock: number;
}

const unitsMax = 2;
const twoRegionsShare = 0.1;
const declinedShare = 0.08;
const triesAgainShare = 0.5;
const alsoElsewhereShare = 0.04;
const repeatedShare = 0.08;
/** Deliveries that the stock comes in, and how often each is sent. */
const deliveriesMax = 4;
const sendingsMax = 3;
/** Few regions get the stock: the others sell what they ask of them. */
const stockedRegionsMax = 2;

export function planSale(random: Random, { regions, buyers, stock }: SalePlanOptions): SalePlan {
  return {
    deliveries: planDeliveries(random, regions, stock),
    buyers: Array.from({ length: buyers }, () => planBuyer(random, regions)),
    faults: planSaleFaults(random, { regions, buyers }),
  };
}

function planDeliveries(
  random: Random,
  regions: readonly string[],
  stock: number,
): readonly PlannedDelivery[] {
  const stocked = shuffled(random, regions).slice(0, integerBetween(random, 1, stockedRegionsMax));
  const count = Math.min(stock, integerBetween(random, 2, deliveriesMax));
  const share = Math.floor(stock / count);
  return Array.from({ length: count }, (_, index) => ({
    region: stocked[index % stocked.length] ?? "",
    quantity: index === 0 ? stock - share * (count - 1) : share,
    sentTo: Array.from({ length: integerBetween(random, 1, sendingsMax) }, () => pick(random, regions)),
  }));
}

function planBuyer(random: Random, regions: readonly string[]): PlannedBuyer {
  const first = pick(random, regions);
  const others = regions.filter((region) => region !== first);
  return {
    quantity: integerBetween(random, 1, unitsMax),
    route: routeFrom(random, regions, first),
    durability: random() < twoRegionsShare ? "two-regions" : "one-region",
    ...(random() < declinedShare && { declined: { tries: random() < triesAgainShare } }),
    ...(random() < alsoElsewhereShare && { alsoIn: pick(random, others) }),
    ...repeatSometimes(random, regions, repeatedShare),
  };
}
