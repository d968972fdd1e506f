import { monotonicFactory } from "ulid";
import { createSequence, doneEnd } from "../attempt.ts";
import { counted } from "../counted.ts";
import type { Drill, DrillContext, DrillReport } from "../drill.ts";
import { createFaultFeed, describePlan, type FaultFeed } from "../fault-feed.ts";
import { eachLimited } from "../limited.ts";
import { type ClientOptions, createDevice, type Notebook, type OpenCart, openCart } from "./cart-client.ts";
import { awaitConvergence, type Convergence } from "./converge.ts";
import type { CartChange } from "./history.ts";
import { judgeCarts } from "./judge.ts";
import { type CartsPlan, planCarts, type ShopperPlan, type Step } from "./plan.ts";

/** A shopper's own cart, and the one it had as a guest. */
interface Shopper {
  readonly plan: ShopperPlan;
  readonly cart: OpenCart;
  readonly guest: OpenCart | undefined;
}

export const concurrentCarts: Drill = {
  name: "concurrent-carts",
  summary: "shoppers with two devices each change their carts in all regions while links and regions break",
  promises: [
    "what was acknowledged is in the cart, unless somebody took it away who can have seen it",
    "an operation counts once, however often and wherever it was sent",
    "a guest's cart that is merged, and merged again, is there once",
    "after healing every region shows the same cart",
    "an answer contains what its tag covers, and says truly whether it covers the client's token",
  ],
  sizes: [
    { name: "carts", what: "shoppers, half of which were guests first", usual: 16, min: 1, max: 200 },
    { name: "operations", what: "steps of all their devices", usual: 320, min: 2, max: 5_000 },
  ],
  run,
};

const atOnceMax = 8;

async function run(context: DrillContext): Promise<DrillReport> {
  const { world, regions, random, sizes, say } = context;
  const plan = planCarts(random, {
    regions,
    shoppers: sizes["carts"] ?? 1,
    operations: sizes["operations"] ?? 1,
  });
  const notebook: Notebook = { sequence: createSequence(), changes: [], sights: [] };
  const options: ClientOptions = { api: world.api, notebook, operationId: monotonicFactory() };
  const shoppers = await openCarts(plan, context);
  const carts = shoppers.flatMap(({ cart, guest }) => (guest === undefined ? [cart] : [cart, guest]));

  const faults = createFaultFeed(world, { plan: plan.faults, regions });
  say(
    `${counted(shoppers.length, "shopper begins", "shoppers begin")}; ${plan.faults.length} faults begin and end meanwhile`,
  );
  await Promise.all(shoppers.map((shopper) => shop(shopper, { options, faults })));
  faults.mendAll();
  say("all mended; waiting until the regions agree");
  const healed = await awaitConvergence(carts, regions, options);
  await mergeAgain(shoppers, options);
  const final = healed.converged ? await awaitConvergence(carts, regions, options) : healed;
  return report({ context, plan, carts: carts.length, notebook, healed, final });
}

async function openCarts(plan: CartsPlan, { world }: DrillContext): Promise<readonly Shopper[]> {
  const numbered = plan.shoppers.map((one, index) => ({ one, number: index + 1 }));
  return eachLimited(numbered, atOnceMax, async ({ one, number }) => {
    const api = world.api(one.madeIn);
    const cart = await openCart(api, `cart ${number}`);
    return {
      plan: one,
      cart,
      guest: one.guest === undefined ? undefined : await openCart(api, `guest cart ${number}`),
    };
  });
}

interface Shopping {
  readonly options: ClientOptions;
  readonly faults: FaultFeed;
}

/** The guest's device becomes the shopper's first one; the second is at work from the beginning. */
async function shop({ plan, cart, guest }: Shopper, { options, faults }: Shopping): Promise<void> {
  const go = async (owner: OpenCart, from: OpenCart | undefined, steps: readonly Step[], label: string) => {
    const device = createDevice(owner, from, options);
    for (const [index, step] of steps.entries()) {
      faults.operationBegins();
      await device.take(step, `${owner.name}, ${label}, step ${index + 1}`);
    }
  };
  await Promise.all(
    plan.devices.map(async (steps, index) => {
      if (index === 0 && guest !== undefined && plan.guest !== undefined) {
        await go(guest, undefined, plan.guest, "guest");
      }
      await go(cart, guest, steps, `device ${index + 1}`);
    }),
  );
}

/** A merge takes what its region had seen of the guest's cart; sent again with everything in sight it takes the rest. */
async function mergeAgain(shoppers: readonly Shopper[], options: ClientOptions): Promise<void> {
  const merging = shoppers.filter(({ guest }) => guest !== undefined);
  await eachLimited(merging, atOnceMax, async ({ plan, cart, guest }) => {
    const device = createDevice(cart, guest, options);
    await device.take({ type: "merge", route: [plan.mergedAgainIn] }, `${cart.name}, merged again`);
  });
}

interface Run {
  readonly context: DrillContext;
  readonly plan: CartsPlan;
  readonly carts: number;
  readonly notebook: Notebook;
  readonly healed: Convergence;
  readonly final: Convergence;
}

function report({ context, plan, carts, notebook, healed, final }: Run): DrillReport {
  const { changes, sights } = notebook;
  const { lost, doubled, broken } = judgeCarts({ changes, sights, ends: final.ends });
  const count = (test: (change: CartChange) => boolean) => changes.filter(test).length;
  const acknowledged = count(({ attempts }) => doneEnd(attempts) !== undefined);
  const retriedElsewhere = count(({ attempts }) => new Set(attempts.map(({ origin }) => origin)).size > 1);
  const convergedMs = healed.tookMs;
  return {
    figures: {
      seed: context.seed,
      regions: context.regions.length,
      carts,
      operations: changes.length,
      acknowledged,
      retriedElsewhere,
      lost,
      doubled,
      convergedMs,
    },
    rows: [
      ["carts", `${carts} in ${context.regions.length} regions`],
      ["operations", `${changes.length}, of which ${acknowledged} were acknowledged`],
      ["sent to a second region", `${retriedElsewhere}`],
      ["answers that were checked", `${sights.length}`],
      ["units lost", `${lost}`],
      ["units too many", `${doubled}`],
      ["regions agreed after", `${convergedMs} ms`],
    ],
    faults: describePlan(plan.faults),
    broken,
  };
}
