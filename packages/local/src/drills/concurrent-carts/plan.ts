import { integerBetween, pick, type Random } from "../../links/random.ts";
import { type PlannedFault, planFaults } from "../fault-plan.ts";
import { repeatSometimes, routeFrom, shuffled } from "../route.ts";

/** One thing that a device does; `route` is the regions to try, the first one first. */
export type Step = { readonly route: readonly string[] } & (
  | { readonly type: "add"; readonly sku: string; readonly quantity: number; readonly repeatIn?: string }
  | {
      readonly type: "set";
      readonly sku: string;
      readonly quantity: number;
      readonly strict: boolean;
      readonly repeatIn?: string;
    }
  | { readonly type: "remove"; readonly sku: string; readonly strict: boolean; readonly repeatIn?: string }
  | { readonly type: "merge"; readonly repeatIn?: string }
  | { readonly type: "read"; readonly withToken: boolean }
);

export interface ShopperPlan {
  /** Where the cart is made, before anything breaks. */
  readonly madeIn: string;
  /** What the shopper does as a guest first, in a cart of its own; the first device then merges it. */
  readonly guest?: readonly Step[];
  /** Where the guest's cart is merged once more at the end, when everything is mended. */
  readonly mergedAgainIn: string;
  /** Devices of one shopper, at work at the same time. */
  readonly devices: readonly (readonly Step[])[];
}

export interface CartsPlan {
  readonly shoppers: readonly ShopperPlan[];
  readonly faults: readonly PlannedFault[];
}

export interface CartsPlanOptions {
  readonly regions: readonly string[];
  readonly shoppers: number;
  readonly operations: number;
}

/** Nobody sets or removes these, so that their sum is known exactly. */
const onlyAdded = ["DRILL-ADDED-1", "DRILL-ADDED-2"];
/** These are added, set and removed: few, so that concurrent changes meet. */
const replaced = ["DRILL-REPLACED-1", "DRILL-REPLACED-2"];
/** Only guests put these into their carts. */
const guestOnly = "DRILL-GUEST";

const devicesPerShopper = 2;
/** A guest looks around first. */
const guestSteps = 4;

/** The steps that a run with this many operations gives each device. */
export function planCarts(random: Random, options: CartsPlanOptions): CartsPlan {
  const { regions, shoppers, operations } = options;
  const stepsEach = Math.max(1, Math.round(operations / (shoppers * devicesPerShopper)));
  const planned = Array.from({ length: shoppers }, (_, index) =>
    planShopper(random, { regions, stepsEach, isGuest: index % 2 === 0 }),
  );
  const total = planned
    .flatMap(({ devices, guest = [] }) => [...devices, guest])
    .reduce((sum, steps) => sum + steps.length, 0);
  return { shoppers: planned, faults: planFaults(random, { regions, operations: total }) };
}

interface ShopperOptions {
  readonly regions: readonly string[];
  readonly stepsEach: number;
  readonly isGuest: boolean;
}

function planShopper(random: Random, { regions, stepsEach, isGuest }: ShopperOptions): ShopperPlan {
  // Two devices that begin in two regions: their first changes are made side by side.
  const homes = shuffled(random, regions);
  const devices = Array.from({ length: devicesPerShopper }, (_, device) =>
    Array.from({ length: stepsEach }, () =>
      planStep(random, { regions, home: homes[device % homes.length] ?? "", skus: [onlyAdded, replaced] }),
    ),
  );
  const madeIn = pick(random, regions);
  const mergedAgainIn = pick(random, regions);
  if (!isGuest) return { madeIn, mergedAgainIn, devices };
  const guest = Array.from({ length: guestSteps }, () =>
    planStep(random, { regions, home: homes[0] ?? "", skus: [[guestOnly, ...onlyAdded], replaced] }),
  );
  const merge: Step = {
    type: "merge",
    route: routeFrom(random, regions, homes[0] ?? ""),
    ...repeatSometimes(random, regions, repeatedShare),
  };
  const [first = [], ...others] = devices;
  return { madeIn, mergedAgainIn, guest, devices: [[merge, ...first], ...others] };
}

interface StepOptions {
  readonly regions: readonly string[];
  /** Where the device mostly is. */
  readonly home: string;
  /** SKUs that are only added, and SKUs that are replaced as well. */
  readonly skus: readonly [readonly string[], readonly string[]];
}

/** Some operations are sent again although they were answered. */
const repeatedShare = 0.15;
const addedShare = 0.35;
const addedToReplacedShare = 0.6;
const setShare = 0.75;
const removeShare = 0.88;

function planStep(random: Random, { regions, home, skus: [added, others] }: StepOptions): Step {
  const route = routeFrom(random, regions, random() < 0.7 ? home : pick(random, regions));
  const kind = random();
  const strict = random() < 0.5;
  const again = repeatSometimes(random, regions, repeatedShare);
  const quantity = integerBetween(random, 1, 5);
  if (kind < addedShare) return { type: "add", sku: pick(random, added), quantity, route, ...again };
  if (kind < addedToReplacedShare)
    return { type: "add", sku: pick(random, others), quantity, route, ...again };
  if (kind < setShare) {
    const set = integerBetween(random, 0, 9);
    return { type: "set", sku: pick(random, others), quantity: set, strict, route, ...again };
  }
  if (kind < removeShare) return { type: "remove", sku: pick(random, others), strict, route, ...again };
  return { type: "read", withToken: strict, route };
}
