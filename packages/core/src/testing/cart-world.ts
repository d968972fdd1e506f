import { explainAddRefusal } from "../cart/add.ts";
import { type CartReplicas, replicasOf } from "../cart/cart.ts";
import type { StoredItem } from "../items/item.ts";
import { origins } from "./arbitraries.ts";
import {
  type CartWorld,
  createCartWorld,
  type Intention,
  intend,
  isWrite,
  lineOf,
  orderedIn,
} from "./cart-intentions.ts";
import { readCart } from "./cart-invariants.ts";
import { type Answer, judgeAnswer, judgeEnd, judgeView, judgeWrite } from "./cart-judges.ts";
import type { CartRegion } from "./cart-regions.ts";
import { type CartChange, type CartStep, madeAtMs } from "./cart-steps.ts";

export { anyCartSteps } from "./cart-steps.ts";

export interface CartRun {
  /** How the run differs from the specification; nothing, when all is well. */
  readonly faults: readonly string[];
  /** Every state that any region's item of the shopper's cart ever had. */
  readonly versions: readonly StoredItem[];
  /** By generation that was won, how many operations were ordered. */
  readonly orders: readonly number[];
}

/** As often as the api plans a change again. */
const attemptsMax = 5;

/** Hours after the ids were made, and less than a day. */
const playedAtMs = madeAtMs + 10 * 60 * 60 * 1000;

export function readAll(items: Iterable<StoredItem>): CartReplicas {
  return replicasOf([...items].map(readCart));
}

async function perform(
  world: CartWorld,
  region: CartRegion,
  change: CartChange,
  nowMs: number,
  first: Intention,
): Promise<Answer> {
  let intention = first;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const { plan, known } = intention;
    if (!isWrite(plan)) {
      return { type: plan.type, seen: known };
    }
    const outcome = await world.regions.write(region, change.cart, plan.update);
    if (outcome.type === "written") {
      judgeWrite(world, region, change, known, outcome.item);
      if (change.type !== "merge") {
        return { type: "written", seen: known };
      }
    } else if (change.type === "add") {
      return { type: explainAddRefusal(lineOf(change, nowMs), outcome.item).type, seen: known };
    }
    intention = intend(world, region, change, nowMs);
  }
  return { type: "contended", seen: intention.known };
}

async function playChange(world: CartWorld, step: Extract<CartStep, { type: "change" }>): Promise<void> {
  const region = world.regions.region(step.at);
  const nowMs = playedAtMs + step.skewMs;
  const first = intend(world, region, step.change, nowMs);
  if (step.meanwhile !== undefined) {
    const answer = await perform(
      world,
      region,
      step.meanwhile,
      nowMs,
      intend(world, region, step.meanwhile, nowMs),
    );
    judgeAnswer(world, region, step.meanwhile, answer);
  }
  const answer = await perform(world, region, step.change, nowMs, first);
  if (!step.lost) {
    judgeAnswer(world, region, step.change, answer);
  }
}

function playDecision(world: CartWorld, region: CartRegion, paid: boolean): void {
  const own = world.regions.versions("main", region.origin).at(-1)?.cart;
  const [open] = own?.ordered.keys() ?? [];
  if (open !== undefined && !world.decided.has(open)) {
    world.decided.set(open, paid ? region.origin : "failed");
  }
}

async function play(world: CartWorld, step: CartStep): Promise<void> {
  const { regions } = world;
  if (step.type === "change") {
    await playChange(world, step);
    judgeView(world, regions.region(step.at));
  } else if (step.type === "decide") {
    playDecision(world, regions.region(step.at), step.paid);
  } else if (step.type === "deliver") {
    const origin = origins[step.from];
    if (origin !== undefined) {
      regions.deliver(step.cart, origin, regions.region(step.to), step.back);
      judgeView(world, regions.region(step.to));
    }
  } else {
    regions.rebear();
  }
}

function deliverAll({ regions }: CartWorld): void {
  for (const region of regions.regions) {
    for (const origin of origins) {
      regions.deliver("main", origin, region, 0);
      regions.deliver("guest", origin, region, 0);
    }
  }
}

/** Delivers everything, and lets every region take notice of what was decided, until nothing changes any more. */
async function settle(world: CartWorld): Promise<void> {
  for (let before = -1; before < world.regions.count(); ) {
    before = world.regions.count();
    deliverAll(world);
    for (const region of world.regions.regions) {
      const end: CartChange = { type: "end", cart: "main", ask: true };
      await perform(world, region, end, playedAtMs, intend(world, region, end, playedAtMs));
    }
  }
  deliverAll(world);
}

/** Plays a schedule with the shipped plans on one store for each region, and judges every state on the way. */
export async function playCart(steps: readonly CartStep[]): Promise<CartRun> {
  const world = createCartWorld();
  for (const step of steps) {
    await play(world, step);
  }
  await settle(world);
  judgeEnd(world);
  return {
    faults: world.faults,
    versions: world.regions.allItems("main"),
    orders: [...world.decided.keys()]
      .filter((generation) => world.decided.get(generation) !== "failed")
      .map((generation) => orderedIn(world, generation).size),
  };
}
